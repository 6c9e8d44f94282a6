using PaimonSharp.Data.Casts;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Storage.Lsm;

/// <summary>
/// How columns of the schema that is read with come from a file of another schema (docs/format.md#evolution): matched by
/// field id, nested fields too, cast where the type has changed, NULL where the file's schema lacks them. Reuses its buffers;
/// one thread.
/// <code>
/// wanted   a BIGINT   b ROW&lt;x, z&gt;   c        read from the file   then
/// stored   a INT      b ROW&lt;x, y&gt;            a, b.x                cast a; b.z and c are NULL
/// </code>
/// </summary>
internal sealed class FileProjection
{
    private readonly string _path;
    private readonly RowType _wanted;
    private readonly int[] _sources;
    private readonly ColumnCast?[] _casts;
    private readonly ColumnVector?[] _buffers;

    /// <summary>Compares two schemas.</summary>
    /// <param name="wanted">The columns wanted.</param>
    /// <param name="stored">The columns of the schema that the file was written with.</param>
    /// <param name="zone">The zone of clock readings, for casts between times with and without zone.</param>
    /// <param name="path">The file, for messages.</param>
    /// <exception cref="PaimonException">Unsupported: no cast leads from a column's old type to its new one.</exception>
    public FileProjection(RowType wanted, RowType stored, TimeZoneInfo zone, string path)
    {
        _path = path;
        _wanted = wanted;
        _sources = new int[wanted.Fields.Count];
        _casts = new ColumnCast?[_sources.Length];
        _buffers = new ColumnVector?[_sources.Length];
        var read = new List<DataField>();
        for (var i = 0; i < _sources.Length; i++)
        {
            var field = wanted.Fields[i];
            var index = stored.IndexOfId(field.Id);
            var type = index < 0 ? null : Prune(stored.Fields[index].Type, field.Type);
            _sources[i] = -1;
            if (type is null)
            {
                continue;
            }

            _sources[i] = read.Count;
            read.Add(stored.Fields[index] with { Type = type.Nullable() });
            if (!ColumnCast.IsSameLayout(type, field.Type))
            {
                _casts[i] = CastTo(field, type, zone);
                _buffers[i] = ColumnVector.Create(type.Nullable());
            }
        }

        ReadFields = read;
    }

    /// <summary>The columns to read from the file, under their names and with their types there; may be none.</summary>
    public IReadOnlyList<DataField> ReadFields { get; }

    /// <summary>True to note values of a column, not of a part of one, that a cast turns into NULL, such as too large a DECIMAL.</summary>
    public bool NotesLoss { get; init; }

    /// <summary>The rows of the vectors in which such values were, until they are cleared.</summary>
    public HashSet<int> LostRows { get; } = [];

    /// <summary>What is said of the values that were lost last; null when none was.</summary>
    public string? Loss { get; private set; }

    /// <summary>Adds the vectors that <see cref="ReadFields"/> are to be appended to.</summary>
    /// <param name="columns">A vector for each column wanted.</param>
    /// <param name="targets">Where to.</param>
    public void AddTargets(ReadOnlySpan<ColumnVector> columns, List<ColumnVector> targets)
    {
        for (var i = 0; i < _sources.Length; i++)
        {
            if (_sources[i] >= 0)
            {
                _buffers[i]?.Clear();
                targets.Add(_buffers[i] ?? columns[i]);
            }
        }
    }

    /// <summary>Appends what was not read straight into the columns wanted.</summary>
    /// <param name="columns">A vector for each column wanted.</param>
    /// <param name="rows">The rows that were read.</param>
    /// <exception cref="PaimonException">Invalid: a value has no counterpart in the new type.</exception>
    public void Complete(ReadOnlySpan<ColumnVector> columns, int rows)
    {
        for (var i = 0; i < _sources.Length; i++)
        {
            if (_sources[i] < 0)
            {
                columns[i].AppendNulls(rows);
            }
            else if (_casts[i] is { } cast)
            {
                var nulls = columns[i].NullCount;
                try
                {
                    cast.Append(_buffers[i]!, columns[i]);
                }
                catch (PaimonException e) when (e.Kind == ErrorKind.Invalid)
                {
                    throw new PaimonException(
                        e.Kind,
                        $"{_path}: column '{_wanted.Fields[i].Name}' was {_buffers[i]!.Type} when the file was written and is"
                        + $" {_wanted.Fields[i].Type} now: {e.Message}",
                        e);
                }

                if (NotesLoss && columns[i].NullCount - nulls > _buffers[i]!.NullCount)
                {
                    NoteLoss(columns[i], _buffers[i]!, _wanted.Fields[i]);
                }
            }
        }
    }

    /// <summary>
    /// The part of a stored type that is read: rows keep the fields that are wanted still. Null where a row keeps none; such a
    /// column or field reads as NULL.
    /// </summary>
    private static DataType? Prune(DataType stored, DataType wanted)
    {
        switch (stored, wanted)
        {
            case (RowType from, RowType to):
                var fields = new List<DataField>();
                foreach (var field in to.Fields)
                {
                    var index = from.IndexOfId(field.Id);
                    if (index >= 0 && Prune(from.Fields[index].Type, field.Type) is { } type)
                    {
                        fields.Add(from.Fields[index] with { Type = type });
                    }
                }

                return fields.Count == 0 ? null : new RowType(fields) { IsNullable = from.IsNullable };
            case (ArrayType array, ArrayType to):
                return Prune(array.Element, to.Element) is { } element ? array with { Element = element } : null;
            case (MapType map, MapType to):
                return Prune(map.Key, to.Key) is { } key && Prune(map.Value, to.Value) is { } value
                    ? map with { Key = key, Value = value }
                    : null;
            default:
                return stored;
        }
    }

    private ColumnCast CastTo(DataField wanted, DataType stored, TimeZoneInfo zone)
    {
        try
        {
            return ColumnCast.BetweenSchemas(stored, wanted.Type, zone);
        }
        catch (PaimonException e)
        {
            throw new PaimonException(
                e.Kind,
                $"{_path}: column '{wanted.Name}' was {stored} when the file was written and is {wanted.Type} now. {e.Message}",
                e);
        }
    }

    private void NoteLoss(ColumnVector column, ColumnVector stored, DataField field)
    {
        var start = column.Length - stored.Length;
        for (var row = 0; row < stored.Length; row++)
        {
            if (column.IsNull(start + row) && !stored.IsNull(row))
            {
                LostRows.Add(start + row);
            }
        }

        Loss = $"{_path} cannot be rewritten: column '{field.Name}' holds values of {stored.Type} that {field.Type} cannot hold, "
            + "which would be lost for good. Give the column a type that can hold them, or change those rows.";
    }
}
