using System.Text;

namespace PaimonSharp.Testing;

/// <summary>Inputs of several natures and lengths, made from a seed.</summary>
public static class ByteSamples
{
    public static readonly int[] Lengths =
        [0, 1, 2, 4, 5, 11, 12, 13, 14, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 255, 256, 257, 270, 271, 1000, 4096,
         65534, 65535, 65536, 65537, 65546, 65547, 65548, 65549, 70000, 300_000];

    public static IEnumerable<byte[]> All(int seed)
    {
        foreach (var length in Lengths)
        {
            for (var kind = 0; kind < 6; kind++)
            {
                yield return Make(kind, length, new Random(seed + length + kind));
            }
        }
    }

    public static byte[] Make(int kind, int length, Random random)
    {
        var bytes = new byte[length];
        switch (kind)
        {
            case 0:
                random.NextBytes(bytes);
                break;
            case 1:
                Array.Fill(bytes, (byte)7);
                break;
            case 2:
                FillPeriodic(bytes, random.Next(2, 40));
                break;
            case 3:
                FillCounters(bytes);
                break;
            case 4:
                FillMixed(bytes, random);
                break;
            default:
                FillText(bytes, random);
                break;
        }

        return bytes;
    }

    /// <summary>Lines as an order table has them.</summary>
    public static void FillText(Span<byte> bytes, Random random)
    {
        string[] cities = ["Berlin", "Hamburg", "Paris", "Lyon", "Madrid", "Porto", "Oslo", "Tampere"];
        for (var id = 1000; !bytes.IsEmpty; id++)
        {
            var line = Encoding.UTF8.GetBytes(
                $"{id};{cities[random.Next(cities.Length)]};customer-{random.Next(5000)};{random.Next(1_000_000) / 100.0};open\n");
            var count = Math.Min(line.Length, bytes.Length);
            line.AsSpan(0, count).CopyTo(bytes);
            bytes = bytes[count..];
        }
    }

    private static void FillPeriodic(Span<byte> bytes, int period)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)(i % period * 31);
        }
    }

    private static void FillCounters(Span<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)(i >> ((i & 7) * 4));
        }
    }

    /// <summary>Runs of noise, repetitions of what was before, and single bytes.</summary>
    private static void FillMixed(Span<byte> bytes, Random random)
    {
        for (var at = 0; at < bytes.Length;)
        {
            var count = Math.Min(random.Next(1, random.Next(2, 400)), bytes.Length - at);
            var part = bytes.Slice(at, count);
            if (at > 0 && random.Next(2) == 0)
            {
                var offset = random.Next(1, Math.Min(at, 70_000) + 1);
                for (var i = 0; i < count; i++)
                {
                    part[i] = bytes[at + i - offset];
                }
            }
            else
            {
                random.NextBytes(part);
            }

            at += count;
        }
    }
}
