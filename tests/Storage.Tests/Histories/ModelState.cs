namespace PaimonSharp.Storage.Tests.Histories;

/// <summary>What a table should show: its columns and, by key, its rows. Of a row the values are kept by column.</summary>
internal sealed class ModelState
{
    private readonly Dictionary<string, Dictionary<int, string>> _rows;
    private int _next;

    public ModelState()
        : this([], [], 0)
    {
    }

    private ModelState(IReadOnlyList<ModelColumn> columns, Dictionary<string, Dictionary<int, string>> rows, int next)
    {
        Columns = columns;
        _rows = rows;
        _next = next;
    }

    /// <summary>The columns, in order.</summary>
    public IReadOnlyList<ModelColumn> Columns { get; set; }

    public IEnumerable<Dictionary<int, string>> Rows => _rows.Values;

    public ModelState Copy() => new(Columns, new(_rows, StringComparer.Ordinal), _next);

    /// <summary>The state with these rows, and the columns of another one: what a table goes on from after going back.</summary>
    public ModelState With(IReadOnlyList<ModelColumn> columns) => new(columns, new(_rows, StringComparer.Ordinal), _next);

    public void Put(string key, Dictionary<int, string> row) => _rows[key] = row;

    public void Remove(string key) => _rows.Remove(key);

    /// <summary>Adds a row that is like no other.</summary>
    public void Add(Dictionary<int, string> row) => _rows.Add($"#{_next++}", row);

    /// <summary>Adds the rows of a state whose keys this one lacks.</summary>
    public void AddAll(ModelState other)
    {
        foreach (var (key, row) in other._rows)
        {
            _rows.Add(key, row);
        }
    }

    public void RemoveWhere(Func<Dictionary<int, string>, bool> condition)
    {
        foreach (var key in _rows.Where(row => condition(row.Value)).Select(row => row.Key).ToList())
        {
            _rows.Remove(key);
        }
    }

    /// <summary>The rows as JSON, sorted.</summary>
    public IEnumerable<string> Texts() => _rows.Values.Select(Text).Order(StringComparer.Ordinal);

    private string Text(Dictionary<int, string> row) =>
        $"{{{string.Join(',', Columns.Select(column => $"\"{column.Name}\":{row.GetValueOrDefault(column.Id, "null")}"))}}}";
}
