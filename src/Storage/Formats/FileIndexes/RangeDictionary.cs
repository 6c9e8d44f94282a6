using PaimonSharp.Data.Errors;

namespace PaimonSharp.Storage.Formats.FileIndexes;

/// <summary>The sorted values of a range bitmap index; a value's code is its place. Immutable.</summary>
internal sealed class RangeDictionary
{
    private readonly List<IndexKey> _keys;

    private RangeDictionary(List<IndexKey> keys) => _keys = keys;

    /// <summary>Reads a dictionary; null for versions that are not known.</summary>
    public static RangeDictionary? TryRead(IndexKeyType type, ReadOnlySpan<byte> bytes)
    {
        var reader = new BigEndianReader(bytes);
        var header = new BigEndianReader(reader.Take(reader.ReadInt32()));
        if (header.ReadByte() > RangeBitmapWriter.Version)
        {
            return null;
        }

        var chunkCount = header.ReadInt32();
        var offsetBytes = header.ReadInt32();
        var chunkBytes = header.ReadInt32();
        if (chunkCount < 0 || offsetBytes != 4L * chunkCount)
        {
            CorruptDataException.Throw($"A dictionary of {chunkCount} chunks has {offsetBytes} bytes of places.");
        }

        reader.Take(offsetBytes);
        var chunks = new BigEndianReader(reader.Take(chunkBytes));
        var body = reader.Take(reader.Left);
        var keys = new List<IndexKey>();
        for (var i = 0; i < chunkCount; i++)
        {
            if (!TryReadChunk(type, ref chunks, body, keys))
            {
                return null;
            }
        }

        return new RangeDictionary(keys);
    }

    /// <summary>A value's code; when it is not there the complement of the code of the next larger one.</summary>
    public int Find(IndexKey key) => _keys.BinarySearch(key);

    private static bool TryReadChunk(
        IndexKeyType type, ref BigEndianReader chunks, ReadOnlySpan<byte> body, List<IndexKey> keys)
    {
        if (chunks.ReadByte() > RangeBitmapWriter.Version)
        {
            return false;
        }

        Add(keys, type.Read(ref chunks));
        var code = chunks.ReadInt32();
        var offset = chunks.ReadInt32();
        var count = chunks.ReadInt32();
        var (first, second) = (chunks.ReadInt32(), chunks.ReadInt32());

        // Texts: the bytes of their places, then of themselves. Numbers: their bytes, then those of one.
        var places = type.IsText ? first : 0;
        var length = type.IsText ? second : first;
        if (code != keys.Count - 1 || offset < 0 || places < 0 || length < 0 || count < 0
            || (long)offset + places + length > body.Length || (type.IsText ? places != 4L * count : length != (long)count * type.Width))
        {
            CorruptDataException.Throw(
                $"A chunk of a dictionary has {count} values from code {code} on at {offset}, which do not fit into it.");
        }

        var values = new BigEndianReader(body.Slice(offset + places, length));
        for (var i = 0; i < count; i++)
        {
            Add(keys, type.Read(ref values));
        }

        return true;
    }

    private static void Add(List<IndexKey> keys, IndexKey key)
    {
        if (keys.Count > 0 && keys[^1].CompareTo(key) >= 0)
        {
            CorruptDataException.Throw($"The values of a dictionary do not ascend at code {keys.Count}.");
        }

        keys.Add(key);
    }
}
