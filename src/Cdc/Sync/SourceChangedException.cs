using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Sync;

/// <summary>The source's tables changed in a way that makes what was read of them useless: read them again.</summary>
internal sealed class SourceChangedException(string what)
    : PaimonException(ErrorKind.Unavailable, $"{what}; the snapshot begins again.");
