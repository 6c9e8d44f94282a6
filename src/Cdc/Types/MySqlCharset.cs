using System.Buffers;
using System.Text;
using System.Text.Unicode;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Cdc.Types;

/// <summary>
/// A character set of MySQL or MariaDB: turns stored bytes into UTF-8, strictly. A byte sequence that the set does not define
/// is an error, never a replacement character. Immutable.
/// </summary>
public sealed class MySqlCharset
{
    private static readonly Dictionary<string, MySqlCharset> ByName = new(StringComparer.Ordinal);
    private static readonly Lock Gate = new();

    private readonly string? _table;
    private readonly Encoding? _encoding;

    private MySqlCharset(string name)
    {
        Name = name;
        _table = SingleByteTables.Find(name);
        _encoding = _table is null ? EncodingOf(name) : null;
    }

    /// <summary>The server's name of the set, for example <c>latin1</c>.</summary>
    public string Name { get; }

    /// <summary>True when stored bytes are UTF-8 already (utf8mb3, utf8mb4, ascii).</summary>
    public bool IsUtf8 => Name is "utf8mb4" or "utf8mb3" or "ascii";

    /// <summary>The set of a collation.</summary>
    /// <param name="collationId">The id as in a TABLE_MAP event or <c>information_schema.COLLATIONS</c>.</param>
    /// <exception cref="PaimonException">The id is not known.</exception>
    public static MySqlCharset ForCollation(int collationId) =>
        ForName(CollationIds.CharsetOf(collationId) ?? throw new PaimonException(
            ErrorKind.Unsupported, $"The collation id {collationId} is not known, so its character set is not either."));

    /// <summary>The set of a name.</summary>
    /// <param name="name">As in <c>CHARACTER_SET_NAME</c>; <c>utf8</c> is utf8mb3.</param>
    /// <exception cref="PaimonException">The name is not known.</exception>
    public static MySqlCharset ForName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        name = name.ToLowerInvariant();
        name = name == "utf8" ? "utf8mb3" : name;
        lock (Gate)
        {
            if (!ByName.TryGetValue(name, out var charset))
            {
                charset = new MySqlCharset(name);
                ByName.Add(name, charset);
            }

            return charset;
        }
    }

    /// <summary>A collation id that stands for a character set.</summary>
    /// <param name="characterSet">As in <c>CHARACTER_SET_NAME</c>.</param>
    internal static int DefaultCollation(string characterSet) => CollationIds.DefaultOf(ForName(characterSet).Name);

    /// <summary>Appends stored bytes as a UTF-8 row.</summary>
    /// <param name="bytes">The bytes in this set.</param>
    /// <param name="target">A vector of CHAR or VARCHAR.</param>
    /// <exception cref="CorruptDataException">The bytes are not of this set.</exception>
    public void Append(ReadOnlySpan<byte> bytes, BinaryVector target)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (IsUtf8)
        {
            CheckUtf8(bytes);
            target.Append(bytes);
            return;
        }

        var chars = ArrayPool<char>.Shared.Rent(Math.Max(16, bytes.Length));
        try
        {
            target.Append(chars.AsSpan(0, ToChars(bytes, chars)));
        }
        finally
        {
            ArrayPool<char>.Shared.Return(chars);
        }
    }

    /// <summary>Stored bytes as text.</summary>
    /// <param name="bytes">The bytes in this set.</param>
    /// <exception cref="CorruptDataException">The bytes are not of this set.</exception>
    public string GetString(ReadOnlySpan<byte> bytes)
    {
        if (IsUtf8)
        {
            CheckUtf8(bytes);
            return Encoding.UTF8.GetString(bytes);
        }

        var chars = new char[bytes.Length];
        return new string(chars, 0, ToChars(bytes, chars));
    }

    /// <summary>Every set gives at most one UTF-16 unit a byte, so the target is never too short.</summary>
    private int ToChars(ReadOnlySpan<byte> bytes, Span<char> target)
    {
        if (_table is not null)
        {
            MapBytes(bytes, target, _table);
            return bytes.Length;
        }

        try
        {
            return _encoding!.GetChars(bytes, target);
        }
        catch (ArgumentException cause) // DecoderFallbackException, or more characters than bytes
        {
            throw NotOfThisSet(bytes, cause);
        }
    }

    private void MapBytes(ReadOnlySpan<byte> bytes, Span<char> target, string table)
    {
        var first = 256 - table.Length;
        for (var i = 0; i < bytes.Length; i++)
        {
            int value = bytes[i];
            var character = value < first ? (char)value : table[value - first];
            if (character == '\uFFFD')
            {
                throw NotOfThisSet(bytes, null);
            }

            target[i] = character;
        }
    }

    private void CheckUtf8(ReadOnlySpan<byte> bytes)
    {
        if (Name == "ascii" ? !Ascii.IsValid(bytes) : !Utf8.IsValid(bytes))
        {
            throw NotOfThisSet(bytes, null);
        }
    }

    private CorruptDataException NotOfThisSet(ReadOnlySpan<byte> bytes, Exception? cause) => new(
        $"The bytes {Convert.ToHexString(bytes[..Math.Min(bytes.Length, 32)])} are not valid {Name}.", innerException: cause);

    private static Encoding EncodingOf(string name)
    {
        var codePage = name switch
        {
            "utf8mb4" or "utf8mb3" or "ascii" => 65001,
            "binary" => 28591,
            "gbk" or "gb2312" => 936,
            "gb18030" => 54936,
            "big5" => 950,
            "sjis" or "cp932" => 932,
            "ujis" or "eucjpms" => 51932,
            "euckr" => 51949,
            "ucs2" or "utf16" => 1201,
            "utf16le" => 1200,
            "utf32" => 12001,
            _ => throw new PaimonException(ErrorKind.Unsupported, $"The character set '{name}' is not supported."),
        };
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(codePage) ?? Encoding.GetEncoding(codePage);
        encoding = (Encoding)encoding.Clone();
        encoding.DecoderFallback = DecoderFallback.ExceptionFallback;
        return encoding;
    }
}
