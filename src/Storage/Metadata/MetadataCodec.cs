using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Formats.Avro;

namespace PaimonSharp.Storage.Metadata;

/// <summary>Reads one row of a metadata file with the schema that its writer chose.</summary>
/// <typeparam name="T">What a row becomes.</typeparam>
/// <param name="decoder">Stands at the row.</param>
internal delegate T MetadataRowReader<T>(ref AvroDecoder decoder);

/// <summary>
/// How rows of one kind of metadata file are written and read. Written with one fixed schema; read by field name with the
/// schema in the file, as releases differ in fields and in what may be null (docs/format.md#metadata-versions).
/// </summary>
/// <typeparam name="T">What a row becomes.</typeparam>
internal abstract class MetadataCodec<T>
{
    /// <summary>What a file of this kind is called in messages.</summary>
    public abstract string Name { get; }

    /// <summary>The schema that is written.</summary>
    public abstract string Schema { get; }

    /// <summary>Appends a row.</summary>
    public abstract void Write(AvroEncoder encoder, T row);

    /// <summary>Makes a reader for the rows of one file.</summary>
    /// <param name="schema">The schema of the file's rows.</param>
    public abstract MetadataRowReader<T> Bind(AvroRecord schema);

    /// <summary>The value of a field that every release writes.</summary>
    protected TValue Require<TValue>(TValue? value, string field)
        where TValue : class => value ?? throw Missing(field);

    /// <summary>The value of a field that every release writes.</summary>
    protected long Require(long? value, string field) => value ?? throw Missing(field);

    /// <summary>The value of a field that every release writes, in 32 bits.</summary>
    protected int RequireInt(long? value, string field) => OptionalInt(value, field) ?? throw Missing(field);

    /// <summary>A number in 32 bits.</summary>
    protected int? OptionalInt(long? value, string field) => value is null or (>= int.MinValue and <= int.MaxValue)
        ? (int?)value
        : throw new CorruptDataException($"A {Name} holds {value} in {field}, which has 32 bits.");

    /// <summary>Refuses layouts of other versions.</summary>
    protected void CheckVersion(long? version, int known)
    {
        if (version != known)
        {
            throw new PaimonException(
                ErrorKind.Unsupported,
                $"A {Name} of version {version?.ToString() ?? "none"} is not supported; version {known} is.");
        }
    }

    private CorruptDataException Missing(string field) => new($"A {Name} has a row without {field}.");
}
