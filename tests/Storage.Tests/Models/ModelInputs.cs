using PaimonSharp.Data;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Tests.Tables;

namespace PaimonSharp.Storage.Tests.Models;

/// <summary>
/// The changes that producer <c>input</c> is to give: what was written, and what the writer adds or changes where a key is found in
/// another partition than its row names.
/// </summary>
internal sealed class ModelInputs(ModelShape shape, ModelTable model)
{
    private readonly Dictionary<int, int> _partitions = [];
    private readonly Queue<List<string>> _prepared = [];
    private readonly List<string> _waiting = [];
    private readonly List<string> _shown = [];
    private List<string> _written = [];

    /// <summary>True when all that was written has been taken.</summary>
    public bool IsEmpty => _prepared.Count + _waiting.Count + _shown.Count + _written.Count == 0;

    /// <summary>A writer begins; it knows where the rows are.</summary>
    public void Open(ModelState committed)
    {
        _written.Clear();
        _prepared.Clear();
        _partitions.Clear();
        foreach (var (key, versions) in committed.Keys)
        {
            if (new ModelMerge(shape).Merge(versions, committed.Fields) is { } row)
            {
                _partitions[key] = row.Partition;
            }
        }
    }

    /// <summary>The writer has written a row.</summary>
    public void Write(TableSchema schema, int key, ModelVersion version, IReadOnlyList<ModelField> fields)
    {
        if (shape.Producer != "input")
        {
            return;
        }

        if (shape.Buckets != ModelBuckets.CrossPartition || _partitions.GetValueOrDefault(key, version.Partition) == version.Partition)
        {
            _written.Add(Text(schema, key, version, fields));
        }
        else if (shape.IsFolding)
        {
            var kind = version.Kind.IsAdd() ? RowKind.Insert : version.Kind;
            _written.Add(Text(schema, key, version with { Kind = kind, Partition = _partitions[key] }, fields));
            return;
        }
        else
        {
            // It carries the values of the new row (fact 14).
            _written.Add(Text(schema, key, version with { Kind = RowKind.Delete, Partition = _partitions[key] }, fields));
            _written.Add(Text(schema, key, version, fields));
        }

        _partitions[key] = version.Partition;
    }

    /// <summary>Another writer has written and committed a row.</summary>
    public void WriteBeside(TableSchema schema, int key, ModelVersion version, IReadOnlyList<ModelField> fields)
    {
        if (shape.Producer == "input")
        {
            (shape.Buckets == ModelBuckets.Postponed ? _waiting : _shown).Add(Text(schema, key, version, fields));
        }
    }

    /// <summary>The writer has prepared a commit.</summary>
    public void Prepare()
    {
        _prepared.Enqueue(_written);
        _written = [];
    }

    /// <summary>The oldest prepared commit was made.</summary>
    public void Commit() => (shape.Buckets == ModelBuckets.Postponed ? _waiting : _shown).AddRange(_prepared.Dequeue());

    /// <summary>Rows that waited were brought to their buckets.</summary>
    public void Show()
    {
        _shown.AddRange(_waiting);
        _waiting.Clear();
    }

    /// <summary>The changes that were not taken yet, sorted.</summary>
    public List<string> Take()
    {
        List<string> taken = [.. _shown.Order(StringComparer.Ordinal)];
        _shown.Clear();
        return taken;
    }

    private string Text(TableSchema schema, int key, ModelVersion version, IReadOnlyList<ModelField> fields)
    {
        var batch = new ColumnBatch(schema.RowType, withKinds: true);
        model.Append(batch, schema, key, version, fields);
        return $"{version.Kind.ToShortText()} {TableKit.Text(batch, 0)}";
    }
}
