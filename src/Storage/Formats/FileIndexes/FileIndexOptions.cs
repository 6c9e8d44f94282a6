using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;
using PaimonSharp.Data.Types;

namespace PaimonSharp.Storage.Formats.FileIndexes;

/// <summary>
/// The file indexes that a table's options ask for: <c>file-index.KIND.columns</c> and <c>file-index.KIND.COLUMN.OPTION</c>. A
/// column may be <c>m[key]</c>: the value of a key of a MAP with text keys. Immutable.
/// </summary>
internal sealed class FileIndexOptions
{
    private const string Prefix = "file-index.";
    private const string Columns = ".columns";

    private FileIndexOptions(IReadOnlyList<FileIndexColumn> indexes, long manifestBytes)
    {
        Indexes = indexes;
        ManifestBytes = manifestBytes;
    }

    /// <summary>The indexes.</summary>
    public IReadOnlyList<FileIndexColumn> Indexes { get; }

    /// <summary>Option <c>file-index.in-manifest-threshold</c>: so many bytes are kept in the manifest.</summary>
    public long ManifestBytes { get; }

    /// <summary>Reads a table's options.</summary>
    /// <param name="rowType">The table's columns.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="PaimonException">Invalid: no such column. Unsupported: the kind, or the column's type.</exception>
    public static FileIndexOptions From(RowType rowType, TableOptions options)
    {
        var indexes = new List<FileIndexColumn>();
        foreach (var (key, text) in options.WithPrefix(Prefix))
        {
            var name = key.StartsWith(Prefix, StringComparison.Ordinal) ? key[Prefix.Length..] : key;
            if (name.EndsWith(Columns, StringComparison.Ordinal))
            {
                indexes.AddRange(ColumnsOf(rowType, options, name[..^Columns.Length], text));
            }
        }

        CheckOptions(options, indexes);
        return new FileIndexOptions(indexes, options.GetSize("file-index.in-manifest-threshold", 500));
    }

    private static IEnumerable<FileIndexColumn> ColumnsOf(RowType rowType, TableOptions options, string kind, string text)
    {
        foreach (var part in text.Split(','))
        {
            var name = part.Trim();
            if (name.Length == 0)
            {
                PaimonException.ThrowInvalid($"Option '{Prefix}{kind}{Columns}' = '{text}' has an empty column.");
            }

            var bracket = name.EndsWith(']') ? name.IndexOf('[', StringComparison.Ordinal) : -1;
            var column = bracket < 0 ? name : name[..bracket];
            var index = rowType.IndexOf(column);
            if (index < 0)
            {
                PaimonException.ThrowInvalid($"Option '{Prefix}{kind}{Columns}' = '{text}': there is no column '{column}'.");
            }

            var type = rowType.Fields[index].Type;
            if (bracket >= 0)
            {
                type = type is MapType { Key.Root: TypeRoot.Char or TypeRoot.VarChar } map
                    ? map.Value
                    : throw new PaimonException(
                        ErrorKind.Unsupported, $"File index of '{name}': '{column}' is {type}, not a MAP with text keys.");
            }

            FileIndexKind.Check(kind, name, type);
            yield return new FileIndexColumn(
                kind, name, index, type, bracket < 0 ? null : name[(bracket + 1)..^1], OptionsOf(options, kind, column, name));
        }
    }

    // Options of a map's column hold for all of its keys; those of a key win.
    private static TableOptions OptionsOf(TableOptions options, string kind, string column, string name)
    {
        var own = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var of in (string[])[column, name])
        {
            var prefix = $"{Prefix}{kind}.{of}.";
            foreach (var (key, text) in options.Texts)
            {
                if (key.StartsWith(prefix, StringComparison.Ordinal))
                {
                    own[key[prefix.Length..]] = text;
                }
            }
        }

        return new TableOptions(own);
    }

    private static void CheckOptions(TableOptions options, List<FileIndexColumn> indexes)
    {
        foreach (var key in options.Texts.Keys)
        {
            var parts = key.StartsWith(Prefix, StringComparison.Ordinal) ? key[Prefix.Length..].Split('.') : [];
            if (parts.Length == 3
                && !indexes.Exists(index => index.Kind == parts[0]
                    && (index.Name == parts[1] || index.Name.StartsWith(parts[1] + "[", StringComparison.Ordinal))))
            {
                PaimonException.ThrowInvalid(
                    $"Option '{key}': the column '{parts[1]}' is not in '{Prefix}{parts[0]}{Columns}'.");
            }
        }
    }
}
