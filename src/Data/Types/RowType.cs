namespace PaimonSharp.Data.Types;

/// <summary>ROW&lt;fields&gt;, and the type of a whole table or batch. Compared by value.</summary>
public sealed record RowType : DataType
{
    private readonly Dictionary<string, int> _indexByName;

    /// <summary>Makes a row type.</summary>
    /// <param name="fields">The fields, in order; names must differ.</param>
    /// <exception cref="ArgumentException">Two fields share a name.</exception>
    public RowType(IReadOnlyList<DataField> fields)
        : base(TypeRoot.Row)
    {
        ArgumentNullException.ThrowIfNull(fields);
        Fields = [.. fields];
        _indexByName = new Dictionary<string, int>(fields.Count, StringComparer.Ordinal);
        for (var i = 0; i < fields.Count; i++)
        {
            if (!_indexByName.TryAdd(fields[i].Name, i))
            {
                throw new ArgumentException($"Two fields are named '{fields[i].Name}'.");
            }
        }
    }

    /// <summary>The fields, in order.</summary>
    public IReadOnlyList<DataField> Fields { get; }

    /// <summary>The position of a field, or -1.</summary>
    /// <param name="name">The field's exact name.</param>
    public int IndexOf(string name) => _indexByName.GetValueOrDefault(name, -1);

    /// <summary>The position of the field with an id, or -1.</summary>
    /// <param name="fieldId">The field's id.</param>
    public int IndexOfId(int fieldId)
    {
        for (var i = 0; i < Fields.Count; i++)
        {
            if (Fields[i].Id == fieldId)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>A row type with some of the fields.</summary>
    /// <param name="indexes">The positions to keep, in the order wanted.</param>
    public RowType Project(ReadOnlySpan<int> indexes)
    {
        var fields = new DataField[indexes.Length];
        for (var i = 0; i < indexes.Length; i++)
        {
            fields[i] = Fields[indexes[i]];
        }

        return new RowType(fields) { IsNullable = IsNullable };
    }

    /// <inheritdoc/>
    public bool Equals(RowType? other) =>
        other is not null && IsNullable == other.IsNullable && Fields.SequenceEqual(other.Fields);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(IsNullable);
        foreach (var field in Fields)
        {
            hash.Add(field);
        }

        return hash.ToHashCode();
    }

    private protected override string ToSql() =>
        $"ROW<{string.Join(", ", Fields.Select(field => field.ToString()))}>";
}
