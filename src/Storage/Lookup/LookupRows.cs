using PaimonSharp.Data.Rows;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Lookup;

/// <summary>
/// What a batch of lookups has found: a row for each key that is there, with the place that it was found at. Reusable; one
/// thread.
/// </summary>
internal sealed class LookupRows
{
    private readonly BinaryRowReader _reader;
    private readonly int[] _fields;
    private readonly int[] _targets;
    private readonly bool _hasRows;
    private readonly List<int> _keys = [];
    private readonly List<int> _levels = [];
    private readonly List<DataFileMeta> _files = [];
    private readonly List<long> _positions = [];
    private int[] _rowOfKey = [];

    /// <summary>Room for rows.</summary>
    /// <param name="stored">The columns of the lookup files.</param>
    /// <param name="fields">The positions of those wanted.</param>
    /// <param name="hasRows">Whether the lookup files have rows, or keys alone.</param>
    public LookupRows(RowType stored, ReadOnlySpan<int> fields, bool hasRows)
    {
        _reader = new BinaryRowReader(stored);
        _fields = fields.ToArray();
        _hasRows = hasRows;
        Batch = new ColumnBatch(stored.Project(fields), withKinds: hasRows, withSequences: hasRows);
        _targets = [.. Enumerable.Range(0, _fields.Length)];
    }

    /// <summary>
    /// The rows found, with their kinds (a key may be found as a retraction) and sequence numbers; nothing but a number of rows
    /// where lookup files have keys alone.
    /// </summary>
    public ColumnBatch Batch { get; }

    /// <summary>The rows found.</summary>
    public int Count => _keys.Count;

    /// <summary>The row of a key, -1 where it was not found.</summary>
    /// <param name="key">The key's index in the keys looked for.</param>
    public int RowOf(int key) => _rowOfKey[key];

    /// <summary>The key of a row, as an index into the keys looked for.</summary>
    /// <param name="row">0 to <see cref="Count"/> - 1.</param>
    public int KeyOf(int row) => _keys[row];

    /// <summary>The level that a row was found on.</summary>
    /// <param name="row">0 to <see cref="Count"/> - 1.</param>
    public int LevelOf(int row) => _levels[row];

    /// <summary>The data file that a row was found in.</summary>
    /// <param name="row">0 to <see cref="Count"/> - 1.</param>
    public DataFileMeta FileOf(int row) => _files[row];

    /// <summary>A row's position in its data file, deleted rows counted: what a deletion vector deletes.</summary>
    /// <param name="row">0 to <see cref="Count"/> - 1.</param>
    public long PositionOf(int row) => _positions[row];

    /// <summary>Forgets all rows, and prepares for some keys.</summary>
    /// <param name="keyCount">The number of keys.</param>
    public void Begin(int keyCount)
    {
        Batch.Clear();
        _keys.Clear();
        _levels.Clear();
        _files.Clear();
        _positions.Clear();
        if (_rowOfKey.Length < keyCount)
        {
            _rowOfKey = new int[Math.Max(keyCount, 2 * _rowOfKey.Length)];
        }

        _rowOfKey.AsSpan(0, keyCount).Fill(-1);
    }

    /// <summary>Adds a row that was found.</summary>
    /// <param name="key">The key's index.</param>
    /// <param name="place">Where it is.</param>
    /// <param name="level">The level.</param>
    public void Add(int key, in LookupPlace place, int level)
    {
        _rowOfKey[key] = _keys.Count;
        _keys.Add(key);
        _levels.Add(level);
        _files.Add(place.File!.Meta);
        _positions.Add(place.Position);
        if (_hasRows)
        {
            _reader.ReadFields(place.Block.RowOf(place.Row), _fields, Batch.Columns, _targets);
            Batch.Kinds!.Append(place.Block.KindOf(place.Row));
            Batch.Sequences!.Append(place.Block.SequenceOf(place.Row));
        }

        Batch.EndRows(1);
    }
}
