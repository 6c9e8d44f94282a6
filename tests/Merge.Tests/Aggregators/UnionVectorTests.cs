using System.Buffers;
using System.IO.Compression;
using System.Text.Json;
using PaimonSharp.Data.Errors;
using PaimonSharp.Merge.Aggregators;
using PaimonSharp.Testing;

namespace PaimonSharp.Merge.Tests.Aggregators;

/// <summary>Unions of sketches and bitmaps against what the libraries that Paimon uses answer (tests/data/sketches).</summary>
public sealed class UnionVectorTests
{
    [Theory]
    [InlineData("theta_sketch")]
    [InlineData("hll_sketch")]
    [InlineData("rbm32")]
    [InlineData("rbm64")]
    public void Unions_have_the_bytes_of_the_library_that_Paimon_uses(string function)
    {
        var union = UnionOf(function);
        var differences = new List<string>();
        var count = 0;
        foreach (var line in Lines(function))
        {
            var result = Unite(union, line.Accumulator, line.Input);
            count++;
            if (!result.AsSpan().SequenceEqual(line.Result))
            {
                differences.Add($"line {count}, {line.Note}");
            }
        }

        Assert.Empty(differences);
        Assert.True(count > 50, $"{count} lines");
    }

    [Theory]
    [InlineData("theta_sketch")]
    [InlineData("hll_sketch")]
    [InlineData("rbm32")]
    [InlineData("rbm64")]
    public void Bytes_that_are_cut_or_changed_are_refused_or_read_and_never_crash(string function)
    {
        var union = UnionOf(function);
        var random = new Random(11);
        var refused = 0;
        foreach (var line in Lines(function).Where(line => line.Input.Length is > 16 and < 2000).Take(120))
        {
            for (var i = 0; i < 40; i++)
            {
                var broken = line.Input.ToArray();
                if (i % 2 == 0)
                {
                    Array.Resize(ref broken, random.Next(broken.Length));
                }
                else
                {
                    broken[random.Next(Math.Min(broken.Length, 48))] ^= (byte)(1 << random.Next(8));
                }

                try
                {
                    Unite(union, line.Accumulator, broken);
                }
                catch (PaimonException)
                {
                    refused++;
                }
            }
        }

        Assert.True(refused > 500, $"{refused} refused");
    }

    private static IBinaryUnion UnionOf(string function) => function switch
    {
        "theta_sketch" => new ThetaUnion(),
        "hll_sketch" => new HllUnion(),
        "rbm32" => new BitmapUnion(),
        _ => new BitmapUnion64(),
    };

    private static byte[] Unite(IBinaryUnion union, byte[] accumulator, byte[] input)
    {
        var target = new ArrayBufferWriter<byte>();
        union.Unite(accumulator, input, target);
        return target.WrittenSpan.ToArray();
    }

    private static IEnumerable<(string Note, byte[] Accumulator, byte[] Input, byte[] Result)> Lines(string function)
    {
        var path = Path.Combine(GoldenData.Root, "tests", "data", "sketches", function + ".jsonl.gz");
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (reader.ReadLine() is { } text)
        {
            using var line = JsonDocument.Parse(text);
            byte[] Bytes(string name) => Convert.FromHexString(line.RootElement.GetProperty(name).GetString()!);
            yield return (line.RootElement.GetProperty("note").GetString()!, Bytes("accumulator"), Bytes("input"), Bytes("result"));
        }
    }
}
