namespace PaimonSharp.Data.Errors;

/// <summary>What the caller of a failed operation can do about it.</summary>
public enum ErrorKind
{
    /// <summary>The request cannot be right: mend it and ask again.</summary>
    Invalid,

    /// <summary>Somebody else changed the same thing first: read again and decide.</summary>
    Conflict,

    /// <summary>A resource cannot be reached now (server, disk, network): try again later or mend the resource.</summary>
    Unavailable,

    /// <summary>Bytes that were read do not make sense.</summary>
    Corrupt,

    /// <summary>A format, type or feature that this release refuses by name.</summary>
    Unsupported,

    /// <summary>The object was disposed or has failed before.</summary>
    Closed,

    /// <summary>The other side understood and refused: login, privilege, purged position.</summary>
    Refused,

    /// <summary>A defect of this library.</summary>
    Internal,
}
