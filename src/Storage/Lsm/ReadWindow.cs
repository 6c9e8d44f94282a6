namespace PaimonSharp.Storage.Lsm;

/// <summary>
/// How many rows of a run are read at once: as many as are expected to fit into some bytes when decoded, at least one. What to
/// expect is the larger of what the file's metadata says and what was read last; as metadata may say too little, of repeated
/// or well compressed values, a file is begun with few rows, and more follow as they prove to be small.
/// </summary>
/// <param name="maxBytes">The bytes of a window.</param>
internal sealed class ReadWindow(long maxBytes)
{
    private const int FirstRows = 64;
    private const int MaxRows = 16 * 1024;
    private const int Growth = 8;

    private long _fileRowBytes = 1;
    private long _seenRowBytes = 1;
    private int _rowLimit = FirstRows;

    /// <summary>The rows to read next.</summary>
    public int Rows => (int)Math.Clamp(maxBytes / Math.Max(_fileRowBytes, _seenRowBytes), 1, _rowLimit);

    /// <summary>Goes on with another file.</summary>
    /// <param name="rowBytes">The bytes of a row by the file's metadata.</param>
    public void BeginFile(long rowBytes)
    {
        _fileRowBytes = Math.Max(1, rowBytes);
        _rowLimit = FirstRows;
    }

    /// <summary>Learns from what was read.</summary>
    /// <param name="rows">How many rows.</param>
    /// <param name="rowBytes">Decoded bytes of one of them, on average.</param>
    public void Observe(int rows, long rowBytes)
    {
        _seenRowBytes = Math.Max(1, rowBytes);
        _rowLimit = (int)Math.Clamp((long)rows * Growth, _rowLimit, MaxRows);
    }
}
