using System.Buffers.Binary;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Storage.Lookup;

/// <summary>Where a block of a lookup file is.</summary>
/// <param name="Stored">Its bytes in the file.</param>
/// <param name="RawBytes">Its bytes when it is decompressed; it is stored as it is where they are as many.</param>
/// <param name="FirstRow">The rows of the file before it.</param>
internal readonly record struct LookupIndexEntry(LookupSection Stored, int RawBytes, long FirstRow)
{
    /// <summary>The bytes of a stored entry.</summary>
    public const int StoredBytes = LookupSection.StoredBytes + 12;

    /// <summary>Reads the entries of a file's blocks.</summary>
    /// <param name="source">All entries.</param>
    /// <param name="footer">The file's footer.</param>
    /// <param name="fileBytes">The bytes of the whole file.</param>
    /// <exception cref="CorruptDataException">They cannot be.</exception>
    public static LookupIndexEntry[] ParseAll(ReadOnlySpan<byte> source, LookupFileFooter footer, long fileBytes)
    {
        if (source.Length != (long)footer.BlockCount * StoredBytes)
        {
            CorruptDataException.Throw($"The index has {source.Length} bytes for {footer.BlockCount} blocks.");
        }

        var entries = new LookupIndexEntry[footer.BlockCount];
        var row = -1L;
        for (var i = 0; i < entries.Length; i++)
        {
            var bytes = source[(i * StoredBytes)..];
            var entry = new LookupIndexEntry(
                LookupSection.Parse(bytes),
                BinaryPrimitives.ReadInt32LittleEndian(bytes[LookupSection.StoredBytes..]),
                BinaryPrimitives.ReadInt64LittleEndian(bytes[(LookupSection.StoredBytes + 4)..]));
            entry.Stored.Check(fileBytes);
            if (entry.RawBytes < entry.Stored.SizeBytes || entry.RawBytes > Array.MaxLength / 2
                || entry.FirstRow <= row || entry.FirstRow >= footer.RowCount)
            {
                CorruptDataException.Throw(
                    $"Block {i} is said to have {entry.RawBytes} bytes, {entry.Stored.SizeBytes} of them stored, from row "
                    + $"{entry.FirstRow} of {footer.RowCount} on.");
            }

            row = entry.FirstRow;
            entries[i] = entry;
        }

        return entries;
    }

    /// <summary>Writes an entry.</summary>
    public void Write(Span<byte> target)
    {
        Stored.Write(target);
        BinaryPrimitives.WriteInt32LittleEndian(target[LookupSection.StoredBytes..], RawBytes);
        BinaryPrimitives.WriteInt64LittleEndian(target[(LookupSection.StoredBytes + 4)..], FirstRow);
    }
}
