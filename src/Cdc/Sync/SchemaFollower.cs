using PaimonSharp.Cdc.Binlog;
using PaimonSharp.Cdc.Ddl;
using PaimonSharp.Cdc.Types;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Sync;

/// <summary>
/// Applies the statements of the binlog to the mirrors, in stream order: columns that are added are added; a statement that
/// changes a mirrored table in another way stops that table, with a reason, and no other one.
/// </summary>
internal sealed class SchemaFollower(MirrorSet mirrors, TableFilter filter, Action<string> warn)
{
    private readonly HashSet<string> _warned = new(StringComparer.Ordinal);

    /// <summary>True when a table that is created is mirrored from its first rows on, so that nobody need be told.</summary>
    public bool OpensNewTables { get; init; }

    /// <summary>Applies a statement.</summary>
    /// <param name="query">The statement's event.</param>
    /// <param name="isMariaDb">True when a MariaDB server wrote it.</param>
    /// <param name="boundary">The position before the statement, which a table that is stopped keeps.</param>
    /// <param name="mustSkip">True for mirrors that have the statement already.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task ApplyAsync(
        QueryEvent query,
        bool isMariaDb,
        BinlogPosition boundary,
        Func<TableMirror, bool> mustSkip,
        CancellationToken cancellationToken)
    {
        if (!MayConcern(query.Text))
        {
            return;
        }

        var statement = Read(query);
        switch (statement.Kind)
        {
            case DdlKind.Harmless:
                break;
            case DdlKind.CreateTable:
                NoteNewTable(statement.Tables[0]);
                break;
            case DdlKind.AlterTable when statement.Tables is [var altered]:
                if (mirrors.Find(altered.Database, altered.Name) is { } mirror && !mustSkip(mirror))
                {
                    await AlterAsync(mirror, statement, isMariaDb, boundary, cancellationToken).ConfigureAwait(false);
                }

                break;
            default:
                await StopAllAsync(statement, boundary, mustSkip, cancellationToken).ConfigureAwait(false);
                break;
        }
    }

    /// <summary>True when a statement changes a table, or may do so for all that can be read of it.</summary>
    public static bool Changes(QueryEvent query, TableMirror table)
    {
        try
        {
            var statement = DdlParser.Parse(query.Text, query.Database, query.IsAnsiQuotes, query.IsNoBackslashEscapes);
            return statement.Kind != DdlKind.Harmless && IsNamed(statement, table);
        }
        catch (PaimonException e) when (e.Kind is ErrorKind.Unsupported or ErrorKind.Invalid)
        {
            return query.Text.Contains(table.Source.Name, StringComparison.OrdinalIgnoreCase);
        }
    }

    /// <summary>True when the text holds the name of a mirrored table or of its database: only then it is read.</summary>
    private bool MayConcern(string text) =>
        text.Contains("create", StringComparison.OrdinalIgnoreCase)
        || mirrors.All.Any(mirror =>
            text.Contains(mirror.Source.Name, StringComparison.OrdinalIgnoreCase)
            || text.Contains(mirror.Source.Database, StringComparison.OrdinalIgnoreCase));

    private DdlStatement Read(QueryEvent query)
    {
        try
        {
            return DdlParser.Parse(query.Text, query.Database, query.IsAnsiQuotes, query.IsNoBackslashEscapes);
        }
        catch (PaimonException e) when (e.Kind is ErrorKind.Unsupported or ErrorKind.Invalid)
        {
            // Whatever it does, it may do it to every mirrored table that it names.
            var tables = mirrors.All
                .Where(mirror => query.Text.Contains(mirror.Source.Name, StringComparison.OrdinalIgnoreCase))
                .Select(mirror => new DdlTable(mirror.Source.Database, mirror.Source.Name));
            return new DdlStatement(DdlKind.RenameTable, [.. tables], [], query.Text);
        }
    }

    private async Task AlterAsync(
        TableMirror mirror,
        DdlStatement statement,
        bool isMariaDb,
        BinlogPosition boundary,
        CancellationToken cancellationToken)
    {
        if (statement.Clauses.OfType<UnsupportedClause>().FirstOrDefault() is { } unsupported)
        {
            await StopAsync(mirror, unsupported.Text, boundary, cancellationToken).ConfigureAwait(false);
            return;
        }

        var source = mirror.Source;
        foreach (var added in statement.Clauses.OfType<AddColumnClause>())
        {
            source = AddColumn(source, isMariaDb ? AsMariaDbStores(added) : added);
        }

        if (!ReferenceEquals(source, mirror.Source))
        {
            await mirrors.EvolveAsync(mirror, source, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>MariaDB's JSON is another name of a text column.</summary>
    private static AddColumnClause AsMariaDbStores(AddColumnClause added) =>
        added.TypeText == "json" ? added with { TypeText = "longtext", CharacterSet = "utf8mb4" } : added;

    private SourceTable AddColumn(SourceTable source, AddColumnClause added)
    {
        if (source.IndexOf(added.Name) >= 0)
        {
            // ADD COLUMN IF NOT EXISTS, or the second half of an ALTER that MariaDB logs in two.
            return source;
        }

        var charset = added.CharacterSet ?? added.Collation?.Split('_')[0] ?? source.DefaultCharacterSet;
        var column = new MySqlColumn(added.Name, MySqlColumnType.Parse(added.TypeText, charset), added.IsNullable);
        var at = added.IsFirst ? 0
            : added.After is null ? source.Columns.Count
            : source.IndexOf(added.After) + 1;
        if (added.HasDefault && _warned.Add($"{source.QualifiedName}.{added.Name}"))
        {
            warn(
                $"{source.QualifiedName}: the source gave its existing rows a value in the new column '{added.Name}'; rows mirrored " +
                "before read it as NULL. To bring the values over, drop the table and sync it again.");
        }

        var comments = new Dictionary<string, string>(source.ColumnComments);
        if (added.Comment is { Length: > 0 } comment)
        {
            comments[added.Name] = comment;
        }

        return source with { Columns = [.. source.Columns.Take(at), column, .. source.Columns.Skip(at)], ColumnComments = comments };
    }

    private async Task StopAllAsync(
        DdlStatement statement, BinlogPosition boundary, Func<TableMirror, bool> mustSkip, CancellationToken cancellationToken)
    {
        foreach (var mirror in mirrors.All.ToArray())
        {
            if (IsNamed(statement, mirror) && !mustSkip(mirror))
            {
                await StopAsync(mirror, statement.Text, boundary, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static bool IsNamed(DdlStatement statement, TableMirror mirror) => statement.Tables.Any(table =>
        table.Database == mirror.Source.Database && (table.Name == mirror.Source.Name || statement.Kind == DdlKind.DropDatabase));

    private async Task StopAsync(TableMirror mirror, string what, BinlogPosition boundary, CancellationToken cancellationToken)
    {
        var text = what.Length <= 200 ? what : what[..200] + " ...";
        var reason = $"'{text}' at {boundary.File}:{boundary.Offset} is not followed yet; the table holds the state before it. " +
            $"To go on, run 'paimonsharp drop {mirror.Source.QualifiedName} --yes' and sync again.";
        warn($"{mirror.Source.QualifiedName} is stopped: {reason}");
        await mirrors.StopAsync(mirror, boundary, reason, cancellationToken).ConfigureAwait(false);
    }

    private void NoteNewTable(DdlTable table)
    {
        if (!OpensNewTables && filter.Accepts(table.Database, table.Name) && mirrors.Find(table.Database, table.Name) is null
            && _warned.Add($"{table.Database}.{table.Name}"))
        {
            warn($"{table.Database}.{table.Name} was created after the sync began; it is mirrored from the next start on.");
        }
    }
}
