using PaimonSharp.Data.Types;

namespace PaimonSharp.Storage.Tables;

/// <summary>One change of a table's schema, given to <see cref="Catalog.AlterTableAsync"/>.</summary>
public abstract record SchemaChange
{
    private SchemaChange()
    {
    }

    internal abstract Metadata.SchemaChange ToMetadata();

    /// <summary>Adds a nullable column at the end; rows written before read it as NULL.</summary>
    /// <param name="Name">The column's name.</param>
    /// <param name="Type">Its type, nullable.</param>
    /// <param name="Comment">A remark, if any.</param>
    public sealed record AddColumn(string Name, DataType Type, string? Comment = null) : SchemaChange
    {
        internal override Metadata.SchemaChange ToMetadata() => new Metadata.AddColumn(Name, Type, Comment);
    }

    /// <summary>Sets a table option.</summary>
    /// <param name="Key">Paimon's key.</param>
    /// <param name="Value">The value as text.</param>
    public sealed record SetOption(string Key, string Value) : SchemaChange
    {
        internal override Metadata.SchemaChange ToMetadata() => new Metadata.SetOption(Key, Value);
    }
}
