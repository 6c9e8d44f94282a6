using System.Diagnostics.CodeAnalysis;

namespace PaimonSharp.Data.Errors;

/// <summary>
/// An operation failed. <see cref="Kind"/> says what the caller can do; the message says what was read or asked, where,
/// and what was expected. Messages never hold credentials.
/// </summary>
public class PaimonException : Exception
{
    /// <summary>Makes an error of a kind.</summary>
    /// <param name="kind">What the caller can do.</param>
    /// <param name="message">What was found, where, what was expected, what to do.</param>
    /// <param name="innerException">The cause, if another error was.</param>
    public PaimonException(ErrorKind kind, string message, Exception? innerException = null)
        : base(message, innerException) => Kind = kind;

    /// <summary>What the caller can do about the error.</summary>
    public ErrorKind Kind { get; }

    /// <summary>True when the same call may succeed later with nothing changed.</summary>
    public virtual bool IsTransient => Kind == ErrorKind.Unavailable;

    /// <summary>Throws an <see cref="ErrorKind.Invalid"/> error.</summary>
    /// <param name="message">What is wrong with the request.</param>
    [DoesNotReturn]
    public static void ThrowInvalid(string message) => throw new PaimonException(ErrorKind.Invalid, message);

    /// <summary>Throws an <see cref="ErrorKind.Unsupported"/> error.</summary>
    /// <param name="message">What is refused, by name.</param>
    [DoesNotReturn]
    public static void ThrowUnsupported(string message) => throw new PaimonException(ErrorKind.Unsupported, message);

    /// <summary>Throws an <see cref="ErrorKind.Internal"/> error.</summary>
    /// <param name="message">The invariant that does not hold.</param>
    [DoesNotReturn]
    public static void ThrowInternal(string message) => throw new PaimonException(ErrorKind.Internal, message);
}
