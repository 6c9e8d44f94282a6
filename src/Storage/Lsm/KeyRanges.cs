using PaimonSharp.Data.Keys;
using PaimonSharp.Data.Rows;
using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Lsm;

/// <summary>The smallest and largest keys of files in the form in which keys are compared. Immutable.</summary>
internal sealed class KeyRanges
{
    /// <summary>Reads the keys of files.</summary>
    /// <param name="files">The files.</param>
    /// <param name="keyType">The trimmed primary key.</param>
    public KeyRanges(IReadOnlyList<DataFileMeta> files, RowType keyType)
    {
        var encoder = new KeyEncoder(keyType);
        var reader = new BinaryRowReader(keyType);
        Min = Encode(files.Select(file => file.MinKey), keyType, encoder, reader);
        Max = Encode(files.Select(file => file.MaxKey), keyType, encoder, reader);
    }

    /// <summary>The smallest key of each file.</summary>
    public EncodedKeys Min { get; }

    /// <summary>The largest key of each file.</summary>
    public EncodedKeys Max { get; }

    /// <summary>The order of two files by smallest key, then by largest key.</summary>
    public int CompareByMinThenMax(int left, int right)
    {
        var order = Min.Compare(left, right);
        return order != 0 ? order : Max.Compare(left, right);
    }

    private static EncodedKeys Encode(
        IEnumerable<BinaryRowBytes> rows, RowType keyType, KeyEncoder encoder, BinaryRowReader reader)
    {
        var columns = BinaryRows.CreateColumns(keyType);
        var count = 0;
        foreach (var row in rows)
        {
            reader.ReadSerialized(row.Serialized, columns);
            count++;
        }

        var keys = encoder.CreateKeys();
        encoder.Encode(columns, 0, count, keys);
        return keys;
    }
}
