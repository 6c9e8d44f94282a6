namespace PaimonSharp.Testing;

/// <summary>Damages bytes as a bad disk or an attacker would. <c>PAIMON_FUZZ_ROUNDS</c> sets how often (default 2000).</summary>
public static class Fuzz
{
    public static int Rounds { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("PAIMON_FUZZ_ROUNDS"), out var rounds) ? rounds : 2000;

    public static void Damage(ref byte[] bytes, Random random)
    {
        for (var times = random.Next(0, 4); times > 0 && bytes.Length > 0; times--)
        {
            var at = random.Next(bytes.Length);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes[at] = 0xFF;
                    break;
                case 3:
                    bytes = bytes[..at];
                    break;
                case 4:
                    bytes = [.. bytes.AsSpan(0, at), (byte)random.Next(256), .. bytes.AsSpan(at)];
                    break;
                default:
                    bytes = [.. bytes.AsSpan(0, at), .. bytes.AsSpan(Math.Min(bytes.Length, at + random.Next(9)))];
                    break;
            }
        }
    }
}
