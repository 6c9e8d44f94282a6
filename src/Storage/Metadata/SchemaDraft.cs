using PaimonSharp.Data.Casts;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Types;
using PaimonSharp.Merge;

namespace PaimonSharp.Storage.Metadata;

/// <summary>
/// The next schema of a table while changes are made to it, one after the other (docs/format.md#schema-changes). What may
/// change is judged by the schema that the draft began with. One thread.
/// </summary>
internal sealed class SchemaDraft
{
    private readonly TableSchema _schema;
    private readonly TableOptions _oldOptions;
    private readonly bool _hasSnapshots;
    private readonly List<DataField> _fields;
    private readonly Dictionary<string, string> _options;
    private readonly Dictionary<string, string> _renames = new(StringComparer.Ordinal);
    private int _highestFieldId;
    private string? _comment;

    /// <summary>Begins with a schema.</summary>
    /// <param name="schema">The newest schema.</param>
    /// <param name="hasSnapshots">True when there may be data: options that say how it is laid out are then fixed.</param>
    public SchemaDraft(TableSchema schema, bool hasSnapshots)
    {
        _schema = schema;
        _oldOptions = new TableOptions(schema.Options);
        _hasSnapshots = hasSnapshots;
        _fields = [.. schema.Fields];
        _options = new Dictionary<string, string>(schema.Options, StringComparer.Ordinal);
        _highestFieldId = schema.HighestFieldId;
        _comment = schema.Comment;
    }

    /// <summary>Adds a nullable column; rows that are there read it as NULL.</summary>
    /// <param name="path">Its name, or its path where it becomes part of a row.</param>
    /// <param name="type">Its type; ids in it do not count.</param>
    /// <param name="description">A remark, if any.</param>
    /// <param name="move">Where it goes; behind the others by default.</param>
    public void AddColumn(IReadOnlyList<string> path, DataType type, string? description, ColumnMove? move)
    {
        if (!type.IsNullable)
        {
            PaimonException.ThrowInvalid(
                $"The column '{NestedColumn.Name(path)}' cannot be added as {type}: existing rows read it as NULL; make it nullable.");
        }

        var id = ++_highestFieldId;
        var assigned = SchemaEvolution.AssignIds(type, ref _highestFieldId);
        NestedColumn.ChangeFields(_fields, path, (fields, name) =>
        {
            CheckIsNew(fields, path, name);
            fields.Insert(InsertIndex(fields, move, isTop: path.Count == 1), new DataField(id, name, assigned, description));
        });
    }

    /// <summary>Drops a column that is no key.</summary>
    public void DropColumn(IReadOnlyList<string> path)
    {
        if (path.Count == 1 && (_schema.PartitionKeys.Contains(path[0]) || _schema.PrimaryKeys.Contains(path[0])))
        {
            PaimonException.ThrowInvalid($"The column '{path[0]}' cannot be dropped: it is part of a key.");
        }

        NestedColumn.ChangeFields(_fields, path, (fields, name) =>
        {
            if (fields.RemoveAll(field => field.Name == name) == 0)
            {
                PaimonException.ThrowInvalid($"There is no column '{NestedColumn.Name(path)}' to drop.");
            }

            if (fields.Count == 0)
            {
                PaimonException.ThrowInvalid($"The column '{NestedColumn.Name(path)}' cannot be dropped: it is the only one.");
            }
        });
    }

    /// <summary>Gives a column another name; keys and options that name it follow.</summary>
    public void RenameColumn(IReadOnlyList<string> path, string newName)
    {
        CheckNoPartitionKey(path, "renamed");
        if (path.Count == 1 && _fields.Exists(field => field.Name == path[0] && field.Type.Root == TypeRoot.Blob))
        {
            PaimonException.ThrowInvalid($"The column '{path[0]}' cannot be renamed: it is a BLOB column, whose files name it.");
        }

        NestedColumn.ChangeFields(_fields, path, (fields, name) =>
        {
            var index = fields.FindIndex(field => field.Name == name);
            if (index < 0)
            {
                PaimonException.ThrowInvalid($"There is no column '{NestedColumn.Name(path)}' to rename.");
            }

            CheckIsNew(fields, path, newName);
            fields[index] = fields[index] with { Name = newName };
        });
        if (path.Count == 1)
        {
            _renames[path[0]] = newName;
        }
        else
        {
            SchemaOptions.RenameNested(_options, path, newName);
        }
    }

    /// <summary>Gives a column another type; files that are there are cast when they are read.</summary>
    /// <param name="path">The column.</param>
    /// <param name="type">The new type.</param>
    /// <param name="keepNullability">True to keep the old nullability whatever the new type says.</param>
    public void UpdateColumnType(IReadOnlyList<string> path, DataType type, bool keepNullability)
    {
        CheckNoPartitionKey(path, "changed");
        CheckNoPrimaryKey(path, "Its type cannot change.");
        var allowExplicit = !_oldOptions.GetBoolean("disable-explicit-type-casting", false);
        NestedColumn.ChangeType(_fields, path, source =>
        {
            var target = keepNullability ? type with { IsNullable = source.IsNullable } : type;
            CheckNullability(path, source, target.IsNullable);
            if (!CastRules.IsAllowed(source, target, allowExplicit) || !HasCast(source, target))
            {
                PaimonException.ThrowInvalid($"The column '{NestedColumn.Name(path)}' cannot change from {source} to {target}.");
            }

            return target;
        });
    }

    /// <summary>Lets a column hold NULL, or forbids it.</summary>
    public void UpdateColumnNullability(IReadOnlyList<string> path, bool isNullable)
    {
        if (isNullable)
        {
            CheckNoPrimaryKey(path, "It cannot become nullable.");
        }

        NestedColumn.ChangeType(_fields, path, source =>
        {
            CheckNullability(path, source, isNullable);
            return source with { IsNullable = isNullable };
        });
    }

    /// <summary>Sets or removes a column's remark.</summary>
    public void UpdateColumnComment(IReadOnlyList<string> path, string? comment) =>
        NestedColumn.ChangeField(_fields, path, field => field with { Description = comment });

    /// <summary>Sets or removes what writers put in place of NULL.</summary>
    public void UpdateColumnDefault(IReadOnlyList<string> path, string? value) =>
        NestedColumn.ChangeField(_fields, path, field =>
        {
            if (value is not null)
            {
                DefaultValue.Parse(field.Name, field.Type, value);
            }

            return field with { DefaultValue = value };
        });

    /// <summary>Moves a column of the table.</summary>
    public void MoveColumn(string name, ColumnMove move)
    {
        var from = IndexOf(_fields, name, "to move");
        var last = _fields.Count - 1;
        var reference = move.Kind switch
        {
            ColumnMoveKind.First => 0,
            ColumnMoveKind.Last => last,
            _ => IndexOf(_fields, move.Reference!, "to move another one to"),
        };
        if (reference == from)
        {
            PaimonException.ThrowInvalid($"The column '{name}' cannot be moved: it is there already.");
        }

        var field = _fields[from];
        _fields.RemoveAt(from);
        reference -= reference > from ? 1 : 0;
        _fields.Insert(
            move.Kind switch
            {
                ColumnMoveKind.First => 0,
                ColumnMoveKind.Last => last,
                ColumnMoveKind.After => reference + 1,
                _ => reference,
            },
            field);
    }

    /// <summary>Gives an option a value.</summary>
    public void SetOption(string key, string value)
    {
        if (key.Equals("path", StringComparison.OrdinalIgnoreCase))
        {
            PaimonException.ThrowInvalid("Option 'path' cannot change: a table's directory is that of its name in the warehouse.");
        }

        if (_hasSnapshots)
        {
            SchemaOptions.CheckSet(_oldOptions, key, value);
        }

        _options[key] = value;
    }

    /// <summary>Takes an option's value away.</summary>
    public void RemoveOption(string key)
    {
        if (_hasSnapshots)
        {
            SchemaOptions.CheckRemove(_oldOptions, key);
        }

        _options.Remove(key);
    }

    /// <summary>Sets or removes the table's remark.</summary>
    public void UpdateComment(string? comment) => _comment = comment;

    /// <summary>The next schema.</summary>
    /// <param name="timeMillis">When it is made.</param>
    /// <exception cref="PaimonException">Invalid: the changes together make no valid schema.</exception>
    public TableSchema Finish(long timeMillis)
    {
        var options = SchemaOptions.Rename(_options, _renames);
        var primaryKeys = SchemaOptions.TakeKeys(options, "primary-key", Rename(_schema.PrimaryKeys));
        var partitionKeys = SchemaOptions.TakeKeys(options, "partition", _schema.PartitionKeys);
        var fields = _fields.Select(field =>
            primaryKeys.Contains(field.Name) ? field with { Type = field.Type.NotNull() } : field).ToList();
        var schema = new TableSchema(
            _schema.Id + 1, fields, _highestFieldId, partitionKeys, primaryKeys, options, _comment, timeMillis);
        SchemaValidation.Check(schema);
        CheckAggregates(schema);
        return schema;
    }

    // A table that another writer made may have had such columns before: it can be changed all the same.
    private void CheckAggregates(TableSchema schema)
    {
        var known = AggregateTypes.Refusals(_schema, _oldOptions).Select(refusal => refusal.Message).ToHashSet(StringComparer.Ordinal);
        foreach (var refusal in AggregateTypes.Refusals(schema, new TableOptions(schema.Options)))
        {
            if (!known.Contains(refusal.Message))
            {
                throw refusal;
            }
        }
    }

    private static void CheckIsNew(List<DataField> fields, IReadOnlyList<string> path, string name)
    {
        if (fields.Any(field => field.Name == name))
        {
            PaimonException.ThrowInvalid($"There is a column '{NestedColumn.Name([.. path.SkipLast(1), name])}' already.");
        }
    }

    private static int IndexOf(List<DataField> fields, string name, string purpose)
    {
        var index = fields.FindIndex(field => field.Name == name);
        return index >= 0 ? index : throw new PaimonException(ErrorKind.Invalid, $"There is no column '{name}' {purpose}.");
    }

    // To a text of any length dates and times are cast only where it may be NULL: Paimon looks for exactly that type.
    private static bool HasCast(DataType source, DataType target) =>
        ColumnCast.Find(source, target) is not null
        && (target.IsNullable || target is not LengthType || source is not TemporalType && source.Root != TypeRoot.Date);

    private int InsertIndex(List<DataField> fields, ColumnMove? move, bool isTop)
    {
        if (move is { } place)
        {
            return place.Kind switch
            {
                ColumnMoveKind.First => 0,
                ColumnMoveKind.Last => fields.Count,
                ColumnMoveKind.After => IndexOf(fields, place.Reference!, "to add another one to") + 1,
                _ => IndexOf(fields, place.Reference!, "to add another one to"),
            };
        }

        var partition = isTop && _oldOptions.GetBoolean("add-column-before-partition", false)
            ? fields.FindIndex(field => _schema.PartitionKeys.Contains(field.Name))
            : -1;
        return partition >= 0 ? partition : fields.Count;
    }

    private List<string> Rename(IReadOnlyList<string> columns) =>
        [.. columns.Select(column => _renames.GetValueOrDefault(column, column))];

    private void CheckNoPartitionKey(IReadOnlyList<string> path, string change)
    {
        if (path.Count == 1 && _schema.PartitionKeys.Contains(path[0]))
        {
            PaimonException.ThrowInvalid($"The column '{path[0]}' cannot be {change}: it is a partition column.");
        }
    }

    private void CheckNoPrimaryKey(IReadOnlyList<string> path, string consequence)
    {
        if (path.Count == 1 && _schema.PrimaryKeys.Contains(path[0]))
        {
            PaimonException.ThrowInvalid($"The column '{path[0]}' is part of the primary key. {consequence}");
        }
    }

    private void CheckNullability(IReadOnlyList<string> path, DataType source, bool isNullable)
    {
        if (source.IsNullable && !isNullable && _oldOptions.GetBoolean("alter-column-null-to-not-null.disabled", true))
        {
            PaimonException.ThrowInvalid(
                $"The column '{NestedColumn.Name(path)}' is nullable and cannot become NOT NULL, as rows may hold NULL in it. "
                + "With the table option 'alter-column-null-to-not-null.disabled' = 'false' it can.");
        }
    }
}
