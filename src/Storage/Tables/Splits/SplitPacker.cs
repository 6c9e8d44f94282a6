using PaimonSharp.Data.Options;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Tables.Splits;

/// <summary>
/// Divides the files of a bucket into splits of about <c>source.split.target-size</c>, as Paimon does: files that may hold
/// the same key stay together. Immutable; safe for several threads.
/// </summary>
internal sealed class SplitPacker
{
    private readonly TableSchema _schema;
    private readonly bool _neverMerges;
    private readonly bool _hasSplitRows;
    private readonly long _targetBytes;
    private readonly long _openFileBytes;

    /// <summary>Takes the sizes from a table's options.</summary>
    public SplitPacker(TableSchema schema, TableOptions options)
    {
        _schema = schema;
        _neverMerges = LevelZero.IsHidden(schema, options);
        _hasSplitRows = options.GetBoolean("data-evolution.enabled", false);
        _targetBytes = options.GetSize("source.split.target-size", 128L << 20);
        _openFileBytes = options.GetSize("source.split.open-file-cost", 4L << 20);
    }

    /// <summary>Divides the files of a bucket.</summary>
    /// <param name="files">The files.</param>
    /// <returns>Files that are read together, and whether their rows need no merge.</returns>
    public IEnumerable<(IReadOnlyList<DataFileMeta> Files, bool IsRawConvertible)> Pack(IReadOnlyList<DataFileMeta> files)
    {
        if (_schema.PrimaryKeys.Count == 0)
        {
            // Columns of one row may be in several files: these stay together, and so all do.
            return _hasSplitRows
                ? files.Count == 0 ? [] : [(files, false)]
                : PackItems(files.OrderBy(file => file.MinSequenceNumber).Select(file => (IReadOnlyList<DataFileMeta>)[file]))
                    .Select(bin => (bin, true));
        }

        if (files.All(file => file.Level != 0 && HasNoDelete(file))
            && (_neverMerges || files.All(file => file.Level == files[0].Level)))
        {
            return PackItems(files.Select(file => (IReadOnlyList<DataFileMeta>)[file])).Select(bin => (bin, true));
        }

        var sections = IntervalPartition.Split(files, _schema.TrimmedPrimaryKeyType)
            .Select(section => (IReadOnlyList<DataFileMeta>)[.. section.SelectMany(run => run.Files)]);
        return PackItems(sections).Select(bin => (bin, bin.Count == 1 && HasNoDelete(bin[0])));
    }

    private IEnumerable<IReadOnlyList<DataFileMeta>> PackItems(IEnumerable<IReadOnlyList<DataFileMeta>> items)
    {
        var bin = new List<DataFileMeta>();
        var weight = 0L;
        foreach (var item in items)
        {
            var itemWeight = Math.Max(item.Sum(file => file.FileSizeBytes), _openFileBytes);
            if (bin.Count > 0 && weight + itemWeight > _targetBytes)
            {
                yield return bin;
                bin = [];
                weight = 0;
            }

            weight += itemWeight;
            bin.AddRange(item);
        }

        if (bin.Count > 0)
        {
            yield return bin;
        }
    }

    // Files of old releases do not say; these have none where it matters, and reading drops retractions anyway.
    private static bool HasNoDelete(DataFileMeta file) => file.DeleteRowCount is null or 0;
}
