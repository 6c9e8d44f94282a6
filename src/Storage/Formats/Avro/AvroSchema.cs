using PaimonSharp.Data.Errors;

namespace PaimonSharp.Storage.Formats.Avro;

/// <summary>
/// The schema of the values in a file, as their writer declared it. A closed family: this class for primitive types,
/// <see cref="AvroRecord"/>, <see cref="AvroCollection"/>, <see cref="AvroUnion"/> and <see cref="AvroFixed"/>.
/// </summary>
internal class AvroSchema
{
    /// <summary>How deep values may nest: a schema can refer to itself.</summary>
    public const int MaxDepth = 64;

    public AvroSchema(AvroKind kind, string? logicalType = null)
    {
        Kind = kind;
        LogicalType = logicalType;
    }

    /// <summary>The form of a value.</summary>
    public AvroKind Kind { get; }

    /// <summary>The <c>logicalType</c> that the schema adds, if any.</summary>
    public string? LogicalType { get; }

    /// <summary>The record that this is, also as the value branch of a union with null.</summary>
    /// <exception cref="CorruptDataException">It is no record.</exception>
    public AvroRecord AsRecord(string what) => ValueBranch() as AvroRecord
        ?? throw new CorruptDataException($"{what} is an Avro record; the file declares {Describe()}.");

    /// <summary>This schema, or the one branch of a union that is not null.</summary>
    public AvroSchema ValueBranch() => this is AvroUnion { Branches.Count: 2 } union && union.NullBranch >= 0
        ? union.Branches[1 - union.NullBranch]
        : this;

    /// <summary>The schema in a few words, for messages.</summary>
    public virtual string Describe() => LogicalType is null ? $"{Kind}" : $"{Kind} ({LogicalType})";
}

/// <summary>Fields in order. Fields are set after construction because a schema may refer to itself.</summary>
internal sealed class AvroRecord(string name) : AvroSchema(AvroKind.Record)
{
    public string Name { get; } = name;

    public IReadOnlyList<AvroField> Fields { get; set; } = [];

    /// <summary>For each field of this record its position in a list of names, -1 for a field that is not in the list.</summary>
    public int[] Bind(IReadOnlyList<string> names)
    {
        var ordinals = new int[Fields.Count];
        for (var i = 0; i < ordinals.Length; i++)
        {
            ordinals[i] = -1;
            for (var n = 0; n < names.Count; n++)
            {
                if (string.Equals(names[n], Fields[i].Name, StringComparison.Ordinal))
                {
                    ordinals[i] = n;
                    break;
                }
            }
        }

        return ordinals;
    }

    public override string Describe() => $"record {Name}";
}

/// <summary>A field of a record.</summary>
internal sealed record AvroField(string Name, AvroSchema Schema);

/// <summary>An array of items, or a map from strings to items.</summary>
internal sealed class AvroCollection(AvroKind kind, AvroSchema items, string? logicalType = null)
    : AvroSchema(kind, logicalType)
{
    public AvroSchema Items { get; } = items;
}

/// <summary>One of several schemas; a value begins with the branch's number.</summary>
internal sealed class AvroUnion : AvroSchema
{
    public AvroUnion(IReadOnlyList<AvroSchema> branches)
        : base(AvroKind.Union)
    {
        Branches = branches;
        NullBranch = -1;
        for (var i = 0; i < branches.Count; i++)
        {
            if (branches[i].Kind == AvroKind.Null)
            {
                NullBranch = i;
            }
        }
    }

    public IReadOnlyList<AvroSchema> Branches { get; }

    /// <summary>The branch of null, or -1.</summary>
    public int NullBranch { get; }

    public override string Describe() => $"union of {string.Join(", ", Branches.Select(branch => branch.Kind))}";
}

/// <summary>A fixed number of bytes.</summary>
internal sealed class AvroFixed(int sizeBytes, string? logicalType) : AvroSchema(AvroKind.Fixed, logicalType)
{
    public int SizeBytes { get; } = sizeBytes;
}
