namespace PaimonSharp.Testing;

/// <summary>A file of a simulated disk: what the process sees, and how much of it a crash would leave.</summary>
internal sealed class SimulatedFile
{
    /// <summary>The bytes that the process sees.</summary>
    public byte[] Content { get; private set; } = [];

    /// <summary>How many of them were flushed.</summary>
    public int SyncedBytes { get; private set; }

    /// <summary>True when the directory was flushed since the file got its name.</summary>
    public bool IsNameDurable { get; set; }

    /// <summary>When it was last changed.</summary>
    public DateTimeOffset ModifiedAt { get; init; }

    /// <summary>The durable file that this one replaced, which comes back when the new name is lost.</summary>
    public SimulatedFile? Replaced { get; init; }

    /// <summary>A file all of whose bytes are flushed.</summary>
    public static SimulatedFile Flushed(byte[] content, DateTimeOffset modifiedAt, SimulatedFile? replaced = null) =>
        new() { Content = content, SyncedBytes = content.Length, ModifiedAt = modifiedAt, Replaced = replaced };

    public void Append(ReadOnlySpan<byte> bytes) => Content = [.. Content, .. bytes];

    public void Flush() => SyncedBytes = Content.Length;

    /// <summary>What a crash leaves of the bytes: all that were flushed, and of the others a part, zeros or rubbish.</summary>
    public byte[] AfterCrash(Random random)
    {
        var loose = Content.Length - SyncedBytes;
        if (loose == 0)
        {
            return Content;
        }

        var kept = random.Next(loose + 1);
        switch (random.Next(4))
        {
            case 0:
                return Content[..SyncedBytes];
            case 1:
                return Content[..(SyncedBytes + kept)];
            case 2:
                // The length reached the disk before the bytes.
                var zeroed = (byte[])Content.Clone();
                zeroed.AsSpan(SyncedBytes + kept).Clear();
                return zeroed;
            default:
                var rubbish = (byte[])Content.Clone();
                random.NextBytes(rubbish.AsSpan(SyncedBytes + kept));
                return rubbish;
        }
    }
}
