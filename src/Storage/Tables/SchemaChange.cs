using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Tables;

/// <summary>
/// One change of a table's schema, given to <see cref="Table.AlterAsync"/> or <see cref="Catalog.AlterTableAsync"/>. Data files
/// stay as they are: they are read by the ids of their fields, and cast where a type has changed.
/// </summary>
/// <remarks>
/// A path names a column, or something inside one: the fields of a ROW by their names, what an ARRAY holds as <c>element</c>,
/// the values of a MAP as <c>value</c>; for example <c>["orders", "element", "price"]</c>.
/// </remarks>
public abstract record SchemaChange
{
    private SchemaChange()
    {
    }

    internal abstract void Apply(SchemaDraft draft);

    /// <summary>Adds a nullable column; rows written before read it as NULL.</summary>
    /// <param name="Path">The new column's path.</param>
    /// <param name="Type">Its type, nullable.</param>
    /// <param name="Comment">A remark, if any.</param>
    /// <param name="Position">Where it goes; behind the others by default.</param>
    public sealed record AddColumn(
        IReadOnlyList<string> Path, DataType Type, string? Comment = null, ColumnPosition? Position = null) : SchemaChange
    {
        /// <summary>Adds a column of the table itself.</summary>
        /// <param name="name">The column's name.</param>
        /// <param name="type">Its type, nullable.</param>
        /// <param name="comment">A remark, if any.</param>
        /// <param name="position">Where it goes; behind the others by default.</param>
        public AddColumn(string name, DataType type, string? comment = null, ColumnPosition? position = null)
            : this([name], type, comment, position)
        {
        }

        internal override void Apply(SchemaDraft draft) => draft.AddColumn(Path, Type, Comment, Position?.Move);
    }

    /// <summary>Drops a column that is not part of a key. Its id is never used again.</summary>
    /// <param name="Path">The column's path.</param>
    public sealed record DropColumn(params IReadOnlyList<string> Path) : SchemaChange
    {
        internal override void Apply(SchemaDraft draft) => draft.DropColumn(Path);
    }

    /// <summary>Renames a column that is not a partition column; keys and options that name it follow.</summary>
    /// <param name="Path">The column's path.</param>
    /// <param name="NewName">Its new name, without the path.</param>
    public sealed record RenameColumn(IReadOnlyList<string> Path, string NewName) : SchemaChange
    {
        internal override void Apply(SchemaDraft draft) => draft.RenameColumn(Path, NewName);
    }

    /// <summary>Changes the type of a column that is not part of a key to one that a cast leads to.</summary>
    /// <param name="Path">The column's path.</param>
    /// <param name="Type">The new type.</param>
    /// <param name="KeepNullability">True to leave the nullability as it is, whatever <paramref name="Type"/> says.</param>
    public sealed record UpdateColumnType(IReadOnlyList<string> Path, DataType Type, bool KeepNullability = false) : SchemaChange
    {
        internal override void Apply(SchemaDraft draft) => draft.UpdateColumnType(Path, Type, KeepNullability);
    }

    /// <summary>Lets a column hold NULL, or forbids it where the table's options allow that.</summary>
    /// <param name="Path">The column's path.</param>
    /// <param name="IsNullable">True to let it hold NULL.</param>
    public sealed record UpdateColumnNullability(IReadOnlyList<string> Path, bool IsNullable) : SchemaChange
    {
        internal override void Apply(SchemaDraft draft) => draft.UpdateColumnNullability(Path, IsNullable);
    }

    /// <summary>Sets or removes the remark on a column.</summary>
    /// <param name="Path">The column's path.</param>
    /// <param name="Comment">The remark; null removes it.</param>
    public sealed record UpdateColumnComment(IReadOnlyList<string> Path, string? Comment) : SchemaChange
    {
        internal override void Apply(SchemaDraft draft) => draft.UpdateColumnComment(Path, Comment);
    }

    /// <summary>Sets or removes what writers put into a column in place of NULL. Rows written before do not change.</summary>
    /// <param name="Path">The column's path.</param>
    /// <param name="Value">The value as text, perhaps in single quotes; null removes it.</param>
    public sealed record UpdateColumnDefault(IReadOnlyList<string> Path, string? Value) : SchemaChange
    {
        internal override void Apply(SchemaDraft draft) => draft.UpdateColumnDefault(Path, Value);
    }

    /// <summary>Moves a column of the table itself.</summary>
    /// <param name="Name">The column's name.</param>
    /// <param name="Position">Where it goes.</param>
    public sealed record MoveColumn(string Name, ColumnPosition Position) : SchemaChange
    {
        internal override void Apply(SchemaDraft draft) => draft.MoveColumn(Name, Position.Move);
    }

    /// <summary>Sets a table option.</summary>
    /// <param name="Key">Paimon's key.</param>
    /// <param name="Value">The value as text.</param>
    public sealed record SetOption(string Key, string Value) : SchemaChange
    {
        internal override void Apply(SchemaDraft draft) => draft.SetOption(Key, Value);
    }

    /// <summary>Takes a table option back to its default.</summary>
    /// <param name="Key">Paimon's key.</param>
    public sealed record RemoveOption(string Key) : SchemaChange
    {
        internal override void Apply(SchemaDraft draft) => draft.RemoveOption(Key);
    }

    /// <summary>Sets or removes the remark on the table.</summary>
    /// <param name="Comment">The remark; null removes it.</param>
    public sealed record UpdateComment(string? Comment) : SchemaChange
    {
        internal override void Apply(SchemaDraft draft) => draft.UpdateComment(Comment);
    }
}
