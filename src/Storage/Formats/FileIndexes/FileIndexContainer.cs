using PaimonSharp.Data.Errors;

namespace PaimonSharp.Storage.Formats.FileIndexes;

/// <summary>
/// The indexes of a data file's columns (docs/format.md#file-indexes), everything big endian:
/// <code>
/// 8 bytes mark; 4 bytes version 1; 4 bytes: where the bodies begin
/// 4 bytes: columns; for each its name, and 4 bytes: its indexes;
///     for each of them its kind, 4 bytes: where its body begins, -1 for none, 4 bytes: the body's length
/// 4 bytes: length of more that a later version may add; the bodies
/// </code>
/// </summary>
internal sealed class FileIndexContainer
{
    private const long Mark = 1493475289347502;
    private const int Version = 1;
    private const int LeastHeadBytes = 24;

    private readonly Dictionary<string, Dictionary<string, ReadOnlyMemory<byte>?>> _columns;

    private FileIndexContainer(Dictionary<string, Dictionary<string, ReadOnlyMemory<byte>?>> columns) => _columns = columns;

    /// <summary>The columns that have indexes.</summary>
    public IReadOnlyCollection<string> Columns => _columns.Keys;

    /// <summary>Writes indexes, in the order in which Paimon does.</summary>
    /// <param name="indexes">For each column and kind the index; null for one that saw no row.</param>
    public static byte[] Write(IReadOnlyList<(string Column, string Kind, byte[]? Index)> indexes)
    {
        var columns = Ordered(indexes.GroupBy(index => index.Column, StringComparer.Ordinal).ToList(), column => column.Key)
            .Select(column => (column.Key, Indexes: Ordered([.. column], index => index.Kind)))
            .ToList();

        // Written once with places counted from the body's begin, to learn the length of the head.
        var head = Head(columns, 0);
        head = Head(columns, head.Length);
        foreach (var (_, _, index) in columns.SelectMany(column => column.Indexes))
        {
            head.WriteBytes(index);
        }

        return head.ToArray();
    }

    /// <summary>Reads a container.</summary>
    /// <exception cref="CorruptDataException">The bytes are no container.</exception>
    /// <exception cref="PaimonException">Unsupported: a version that is not known.</exception>
    public static FileIndexContainer Read(ReadOnlyMemory<byte> bytes)
    {
        var reader = new BigEndianReader(bytes.Span);
        if (reader.ReadInt64() != Mark)
        {
            CorruptDataException.Throw("It does not begin as a file index.", 0);
        }

        var version = reader.ReadInt32();
        if (version != Version)
        {
            PaimonException.ThrowUnsupported($"File indexes of version {version} are not supported; {Version} is.");
        }

        var headBytes = reader.ReadInt32();
        if (headBytes < LeastHeadBytes || headBytes > bytes.Length)
        {
            CorruptDataException.Throw($"A file index of {bytes.Length} bytes claims a head of {headBytes}.");
        }

        var columns = new Dictionary<string, Dictionary<string, ReadOnlyMemory<byte>?>>(StringComparer.Ordinal);
        for (var left = reader.ReadCount("columns", 6); left > 0; left--)
        {
            var column = reader.ReadText();
            if (!columns.TryGetValue(column, out var kinds))
            {
                kinds = new Dictionary<string, ReadOnlyMemory<byte>?>(StringComparer.Ordinal);
                columns.Add(column, kinds);
            }

            for (var count = reader.ReadCount("indexes", 10); count > 0; count--)
            {
                kinds[reader.ReadText()] = Slice(bytes, reader.ReadInt32(), reader.ReadInt32());
            }
        }

        return new FileIndexContainer(columns);
    }

    /// <summary>The indexes of a column by kind; null for one that saw no row.</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>?> IndexesOf(string column) =>
        _columns.GetValueOrDefault(column) ?? [];

    private static ReadOnlyMemory<byte>? Slice(ReadOnlyMemory<byte> bytes, int start, int length)
    {
        if (start == -1)
        {
            return null;
        }

        if (start < 0 || length < 0 || start > bytes.Length - length)
        {
            CorruptDataException.Throw($"An index of {length} bytes at {start} is outside of a file of {bytes.Length}.");
        }

        return bytes.Slice(start, length);
    }

    private static BigEndianWriter Head(
        List<(string Column, List<(string Column, string Kind, byte[]? Index)> Indexes)> columns, int headBytes)
    {
        var head = new BigEndianWriter();
        head.WriteInt64(Mark);
        head.WriteInt32(Version);
        head.WriteInt32(headBytes);
        head.WriteInt32(columns.Count);
        var start = headBytes;
        foreach (var (column, indexes) in columns)
        {
            head.WriteText(column);
            head.WriteInt32(indexes.Count);
            foreach (var (_, kind, index) in indexes)
            {
                head.WriteText(kind);
                head.WriteInt32(index is null ? -1 : start);
                head.WriteInt32(index?.Length ?? 0);
                start = checked(start + (index?.Length ?? 0));
            }
        }

        head.WriteInt32(0);
        return head;
    }

    private static List<T> Ordered<T>(List<T> items, Func<T, string> nameOf)
    {
        int[] hashes = [.. items.Select(item => JavaHashOrder.HashOf(nameOf(item)))];
        return [.. JavaHashOrder.Of(hashes, JavaHashOrder.SlotsFor(hashes.Length), newestFirst: false).Select(i => items[i])];
    }
}
