using System.Buffers.Binary;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Hashing;

namespace PaimonSharp.Storage.Lookup;

/// <summary>
/// What is at the end of a lookup file, and the layout of the whole (docs/format.md#lookup-files). Integers are little endian,
/// checksums are xxHash of 64 bits.
/// <code>
/// file    header | block * | filter | index | footer
/// header  magic "PSLOOKUP" | version u32 | flags u32            flags: 1 prefixes are whole keys, 2 rows have values
/// block   rows u32 | keys u32 (bytes) | packed keys | [ end u32 a row | rows ]       compressed where it pays
/// row     sequence number i64 | BinaryRow, whose first byte is the row's kind
/// index   the last key of each block, packed | an IndexEntry a block
/// footer  index: offset u64, bytes u32, checksum u64 | filter: the same | rows u64 | blocks u32
///         flags u32 | version u32 | checksum of the footer u64 | magic
/// </code>
/// A row's position in its data file is its number in the lookup file, as that has all rows of the data file.
/// </summary>
/// <param name="Index">Where the index is.</param>
/// <param name="Filter">Where the filter is; of no bytes where there is none.</param>
/// <param name="RowCount">The rows.</param>
/// <param name="BlockCount">The blocks.</param>
/// <param name="IsExact">Whether prefixes are whole keys.</param>
/// <param name="HasRows">Whether rows have kinds, sequence numbers and values.</param>
internal sealed record LookupFileFooter(
    LookupSection Index, LookupSection Filter, long RowCount, int BlockCount, bool IsExact, bool HasRows)
{
    /// <summary>The bytes of a header.</summary>
    public const int HeaderBytes = 16;

    /// <summary>The bytes of a footer.</summary>
    public const int FooterBytes = (2 * LookupSection.StoredBytes) + 36;

    private const int Version = 1;
    private const int ChecksumAt = FooterBytes - 16;
    private const uint ExactFlag = 1;
    private const uint RowsFlag = 2;

    private static ReadOnlySpan<byte> Magic => "PSLOOKUP"u8;

    private uint Flags => (IsExact ? ExactFlag : 0) | (HasRows ? RowsFlag : 0);

    /// <summary>The header of such a file.</summary>
    /// <param name="isExact">Whether prefixes are whole keys.</param>
    /// <param name="hasRows">Whether rows have values.</param>
    public static byte[] Header(bool isExact, bool hasRows)
    {
        var header = new byte[HeaderBytes];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(8), Version);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(12), (isExact ? ExactFlag : 0) | (hasRows ? RowsFlag : 0));
        return header;
    }

    /// <summary>The footer's bytes.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[FooterBytes];
        Index.Write(bytes);
        Filter.Write(bytes.AsSpan(LookupSection.StoredBytes));
        var rest = bytes.AsSpan(2 * LookupSection.StoredBytes);
        BinaryPrimitives.WriteInt64LittleEndian(rest, RowCount);
        BinaryPrimitives.WriteInt32LittleEndian(rest[8..], BlockCount);
        BinaryPrimitives.WriteUInt32LittleEndian(rest[12..], Flags);
        BinaryPrimitives.WriteUInt32LittleEndian(rest[16..], Version);
        BinaryPrimitives.WriteUInt64LittleEndian(rest[20..], XxHash64.Compute(bytes.AsSpan(0, ChecksumAt)));
        Magic.CopyTo(rest[28..]);
        return bytes;
    }

    /// <summary>Reads a footer.</summary>
    /// <param name="header">The file's first <see cref="HeaderBytes"/>.</param>
    /// <param name="bytes">Its last <see cref="FooterBytes"/>.</param>
    /// <param name="fileBytes">The bytes of the whole file.</param>
    /// <exception cref="CorruptDataException">They are no header and footer of such a file.</exception>
    public static LookupFileFooter Parse(ReadOnlySpan<byte> header, ReadOnlySpan<byte> bytes, long fileBytes)
    {
        if (!header[..Magic.Length].SequenceEqual(Magic) || !bytes[^Magic.Length..].SequenceEqual(Magic))
        {
            CorruptDataException.Throw("The file does not begin and end with PSLOOKUP: it is no lookup file, or is cut off.");
        }

        if (XxHash64.Compute(bytes[..ChecksumAt]) != BinaryPrimitives.ReadUInt64LittleEndian(bytes[ChecksumAt..]))
        {
            CorruptDataException.Throw("The footer's checksum differs.", fileBytes - FooterBytes);
        }

        var rest = bytes[(2 * LookupSection.StoredBytes)..];
        var version = BinaryPrimitives.ReadUInt32LittleEndian(rest[16..]);
        if (version != Version || BinaryPrimitives.ReadUInt32LittleEndian(header[8..]) != Version)
        {
            CorruptDataException.Throw($"The lookup file is of version {version}; {Version} is expected.");
        }

        var flags = BinaryPrimitives.ReadUInt32LittleEndian(rest[12..]);
        var footer = new LookupFileFooter(
            LookupSection.Parse(bytes),
            LookupSection.Parse(bytes[LookupSection.StoredBytes..]),
            BinaryPrimitives.ReadInt64LittleEndian(rest),
            BinaryPrimitives.ReadInt32LittleEndian(rest[8..]),
            (flags & ExactFlag) != 0,
            (flags & RowsFlag) != 0);
        footer.Index.Check(fileBytes);
        footer.Filter.Check(fileBytes);
        if (flags > (ExactFlag | RowsFlag) || flags != BinaryPrimitives.ReadUInt32LittleEndian(header[12..])
            || footer.RowCount < 0 || footer.BlockCount < 0 || footer.BlockCount > footer.RowCount)
        {
            CorruptDataException.Throw(
                $"The footer says flags {flags}, {footer.RowCount} rows in {footer.BlockCount} blocks, which cannot be.");
        }

        return footer;
    }
}
