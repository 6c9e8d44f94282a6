namespace PaimonSharp.Testing;

/// <summary>What happens after the operation that <see cref="SimulatedFileSystem.FailAt"/> names.</summary>
public enum SimulatedFailure
{
    /// <summary>Only that operation fails; those after it succeed.</summary>
    Once,

    /// <summary>That operation fails half-done and all after it fail: the process died there, or its disk went away.</summary>
    Forever,
}
