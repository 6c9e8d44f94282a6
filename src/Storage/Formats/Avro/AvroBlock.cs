namespace PaimonSharp.Storage.Formats.Avro;

/// <summary>A block of a container: some rows, compressed together.</summary>
/// <param name="RowCount">Its rows.</param>
/// <param name="DataOffset">Where its compressed bytes begin in the file.</param>
/// <param name="DataLength">How many they are.</param>
internal readonly record struct AvroBlock(long RowCount, long DataOffset, int DataLength)
{
    /// <summary>Where the next block begins: after the marker that ends this one.</summary>
    public long EndOffset => DataOffset + DataLength + AvroContainer.SyncBytes;
}
