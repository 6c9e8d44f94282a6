namespace PaimonSharp.Storage.Formats.FileIndexes;

/// <summary>
/// Writes the sorted values of a range bitmap index in chunks. The first value of a chunk is in the chunk's head; as many as
/// fit into the chunk's size follow (docs/format.md#range-bitmap-index).
/// </summary>
internal static class RangeDictionaryWriter
{
    /// <summary>Writes values.</summary>
    /// <param name="type">Their type.</param>
    /// <param name="keys">The values, ascending; a value's code is its place.</param>
    /// <param name="chunkBytes">The bytes of a chunk's values after the first.</param>
    public static byte[] Write(IndexKeyType type, ReadOnlySpan<IndexKey> keys, int chunkBytes)
    {
        var offsets = new BigEndianWriter();
        var chunks = new BigEndianWriter();
        var body = new BigEndianWriter();
        var count = 0;
        for (var first = 0; first < keys.Length; count++)
        {
            offsets.WriteInt32(chunks.Length);
            first = WriteChunk(type, keys, first, chunkBytes, chunks, body);
        }

        var writer = new BigEndianWriter();
        writer.WriteInt32(13);
        writer.WriteByte(RangeBitmapWriter.Version);
        writer.WriteInt32(count);
        writer.WriteInt32(offsets.Length);
        writer.WriteInt32(chunks.Length);
        writer.WriteBytes(offsets.Written);
        writer.WriteBytes(chunks.Written);
        writer.WriteBytes(body.Written);
        return writer.ToArray();
    }

    private static int WriteChunk(
        IndexKeyType type, ReadOnlySpan<IndexKey> keys, int first, int chunkBytes, BigEndianWriter chunks, BigEndianWriter body)
    {
        var offsets = new BigEndianWriter();
        var values = new BigEndianWriter();
        var next = first + 1;
        for (; next < keys.Length; next++)
        {
            if (type.SizeOf(keys[next]) > chunkBytes - values.Length || (type.IsText && 4 > chunkBytes - offsets.Length))
            {
                break;
            }

            if (type.IsText)
            {
                offsets.WriteInt32(values.Length);
            }

            type.Write(values, keys[next]);
        }

        chunks.WriteByte(RangeBitmapWriter.Version);
        type.Write(chunks, keys[first]);
        chunks.WriteInt32(first);
        chunks.WriteInt32(body.Length);
        chunks.WriteInt32(next - first - 1);
        chunks.WriteInt32(type.IsText ? offsets.Length : values.Length);
        chunks.WriteInt32(type.IsText ? values.Length : type.Width);
        body.WriteBytes(offsets.Written);
        body.WriteBytes(values.Written);
        return next;
    }
}
