using System.Diagnostics.CodeAnalysis;
using System.Text;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;

namespace PaimonSharp.Data.Casts;

/// <summary>What is said of a value that has no counterpart.</summary>
internal static class CastErrors
{
    private const int MaxShownBytes = 80;

    /// <summary>A text is no value of a type.</summary>
    [DoesNotReturn]
    public static void Refuse(ReadOnlySpan<byte> text, DataType type)
    {
        var shown = text.Length > MaxShownBytes
            ? Encoding.UTF8.GetString(text[..MaxShownBytes]) + "..."
            : Encoding.UTF8.GetString(text);
        throw new PaimonException(ErrorKind.Invalid, $"The text '{shown}' cannot be cast to {type}.");
    }
}
