using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Merge;

/// <summary>Rows that an <see cref="IBeforeImageLookup"/> found. Reusable; one thread.</summary>
internal sealed class BeforeImages
{
    private readonly List<string> _files = [];
    private readonly List<int> _keys = [];
    private readonly List<int> _fileOfRow = [];
    private readonly List<long> _positions = [];

    /// <summary>Makes room.</summary>
    /// <param name="columns">The columns wanted of the rows; none where only their places are.</param>
    public BeforeImages(RowType columns) => Rows = new ColumnBatch(columns, withKinds: true, withSequences: true);

    /// <summary>The rows with their kinds and sequence numbers, in the order of their keys.</summary>
    public ColumnBatch Rows { get; }

    /// <summary>The number of rows found.</summary>
    public int Count => _keys.Count;

    /// <summary>Which key a row has: its index among those asked for. Ascending.</summary>
    /// <param name="row">0 to <see cref="Count"/> - 1.</param>
    public int KeyOf(int row) => _keys[row];

    /// <summary>The name of the data file that holds a row.</summary>
    /// <param name="row">0 to <see cref="Count"/> - 1.</param>
    public string FileOf(int row) => _files[_fileOfRow[row]];

    /// <summary>A row's position in its file, 0 for the first one, deleted ones counted.</summary>
    /// <param name="row">0 to <see cref="Count"/> - 1.</param>
    public long PositionOf(int row) => _positions[row];

    /// <summary>Adds the place of a row; its values, kind and sequence number are appended to <see cref="Rows"/>.</summary>
    /// <param name="key">The index of its key among those asked for.</param>
    /// <param name="file">The name of the data file.</param>
    /// <param name="position">The row's position in it.</param>
    public void Add(int key, string file, long position)
    {
        if (_files.Count == 0 || !ReferenceEquals(_files[^1], file))
        {
            _files.Add(file);
        }

        _keys.Add(key);
        _fileOfRow.Add(_files.Count - 1);
        _positions.Add(position);
    }

    /// <summary>Removes all rows and keeps the buffers.</summary>
    public void Clear()
    {
        Rows.Clear();
        _files.Clear();
        _keys.Clear();
        _fileOfRow.Clear();
        _positions.Clear();
    }
}
