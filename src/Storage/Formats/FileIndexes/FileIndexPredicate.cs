using PaimonSharp.Data.Predicates;
using PaimonSharp.Data.Types;

namespace PaimonSharp.Storage.Formats.FileIndexes;

/// <summary>Answers a condition on a file's rows by the file's indexes. For one thread at a time.</summary>
/// <param name="container">The indexes.</param>
/// <param name="fieldOf">
/// The column of the file that a column of the condition stands for; null when there is none, or when its type was another.
/// </param>
internal sealed class FileIndexPredicate(FileIndexContainer container, Func<string, DataField?> fieldOf)
{
    private readonly Dictionary<string, List<FileIndexReader>> _readers = new(StringComparer.Ordinal);

    /// <summary>The rows that may meet a condition.</summary>
    /// <exception cref="Data.Errors.CorruptDataException">An index is damaged.</exception>
    public FileIndexResult Test(Predicate predicate)
    {
        if (predicate is LeafPredicate leaf)
        {
            return TestLeaf(leaf);
        }

        var compound = (CompoundPredicate)predicate;
        var result = Test(compound.Children[0]);
        for (var i = 1; i < compound.Children.Count; i++)
        {
            if (compound.IsAnd ? result.IsNone : result.Rows is null)
            {
                return result;
            }

            var next = Test(compound.Children[i]);
            result = compound.IsAnd ? result.And(next) : result.Or(next);
        }

        return result;
    }

    private FileIndexResult TestLeaf(LeafPredicate leaf)
    {
        if (fieldOf(leaf.Column) is not { } field || !field.Type.EqualsIgnoringNullability(leaf.Literals.Type))
        {
            return FileIndexResult.All;
        }

        if (!_readers.TryGetValue(field.Name, out var readers))
        {
            readers = Open(field);
            _readers.Add(field.Name, readers);
        }

        var result = FileIndexResult.All;
        foreach (var reader in readers)
        {
            result = result.And(reader.Test(leaf));
            if (result.IsNone)
            {
                break;
            }
        }

        return result;
    }

    private List<FileIndexReader> Open(DataField field)
    {
        var readers = new List<FileIndexReader>();
        foreach (var (kind, index) in container.IndexesOf(field.Name))
        {
            if (index is { } bytes && FileIndexReader.TryOpen(kind, field.Type, bytes) is { } reader)
            {
                readers.Add(reader);
            }
        }

        return readers;
    }
}
