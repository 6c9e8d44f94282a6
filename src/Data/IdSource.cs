namespace PaimonSharp.Data;

/// <summary>
/// Where the random parts of names come from: file names, commit users. The default is random; tests pass a seeded one.
/// Safe for several threads.
/// </summary>
public abstract class IdSource
{
    /// <summary>Random ids.</summary>
    public static IdSource System { get; } = new RandomIdSource();

    /// <summary>A new 36-character lower-case UUID.</summary>
    public abstract string NextUuid();

    private sealed class RandomIdSource : IdSource
    {
#pragma warning disable RS0030 // the one place that may ask for randomness
        public override string NextUuid() => Guid.NewGuid().ToString("D");
#pragma warning restore RS0030
    }
}
