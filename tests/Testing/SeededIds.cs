using PaimonSharp.Data;

namespace PaimonSharp.Testing;

/// <summary>Ids that a seed decides, so that a failing history can be played again. Safe for several threads.</summary>
public sealed class SeededIds(int seed) : IdSource
{
    private readonly Lock _lock = new(); // guards _random
    private readonly Random _random = new(seed);

    public override string NextUuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        lock (_lock)
        {
            _random.NextBytes(bytes);
        }

        return new Guid(bytes).ToString("D");
    }
}
