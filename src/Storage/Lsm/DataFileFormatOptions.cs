using System.Globalization;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Storage.Formats;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Lsm;

/// <summary>
/// What a table's options say about the files of each level and about changelog files: <c>file.format</c>,
/// <c>file.compression</c> and <c>metadata.stats-mode</c>, their <c>.per.level</c>, and <c>changelog-file.*</c>
/// (docs/format.md#per-level). Immutable; safe for several threads.
/// </summary>
internal sealed class DataFileFormatOptions
{
    private const string StatsModeKey = "metadata.stats-mode";

    /// <summary>The sequence number and the kind.</summary>
    private const int AddedColumns = 2;

    private readonly Dictionary<int, DataFileFormat> _levels = [];
    private readonly Dictionary<int, DataFileFormat> _changelogLevels = [];
    private readonly TableSchema _schema;
    private readonly TableOptions _options;
    private readonly MemoryBudget _memory;

    /// <summary>Reads the options.</summary>
    /// <exception cref="PaimonException">Invalid: an option. Unsupported: a format.</exception>
    public DataFileFormatOptions(TableSchema schema, TableOptions options, MemoryBudget memory)
    {
        _schema = schema;
        _options = options;
        _memory = memory;
        var formats = PerLevel(options, "file.format.per.level");
        var compressions = PerLevel(options, "file.compression.per.level");
        var modes = PerLevel(options, "metadata.stats-mode.per.level");
        var format = options.GetString("file.format", "parquet");
        var compression = options.GetString("file.compression", "zstd");
        var mode = options.GetString(StatsModeKey);
        Default = Make(format, compression, mode, StatsModeKey);
        Changelog = Make(
            options.GetString("changelog-file.format", format),
            options.GetString("changelog-file.compression", compression),
            options.GetString("changelog-file.stats-mode") ?? mode,
            "changelog-file.stats-mode");
        foreach (var level in formats.Keys.Concat(compressions.Keys).Concat(modes.Keys).Distinct())
        {
            var levelFormat = formats.GetValueOrDefault(level, format);
            var levelCompression = compressions.GetValueOrDefault(level, compression);
            var levelMode = modes.GetValueOrDefault(level) ?? mode;
            _levels.Add(level, Make(levelFormat, levelCompression, levelMode, "metadata.stats-mode.per.level"));
            _changelogLevels.Add(level, Make(
                options.GetString("changelog-file.format", levelFormat),
                options.GetString("changelog-file.compression", levelCompression),
                options.GetString("changelog-file.stats-mode") ?? levelMode,
                "changelog-file.stats-mode"));
        }
    }

    /// <summary>The data files of levels that have nothing of their own.</summary>
    public DataFileFormat Default { get; }

    /// <summary>The changelog files of such levels.</summary>
    public DataFileFormat Changelog { get; }

    /// <summary>The files of a level.</summary>
    /// <param name="level">The level; of a changelog file that of the rows it tells of.</param>
    /// <param name="isChangelog">True for changelog files.</param>
    public DataFileFormat Of(int level, bool isChangelog) => isChangelog
        ? _changelogLevels.GetValueOrDefault(level, Changelog)
        : _levels.GetValueOrDefault(level, Default);

    /// <summary>Refuses options that no file can be written with, before the first is.</summary>
    /// <exception cref="PaimonException">Invalid or Unsupported: a compression that a format has not.</exception>
    public void Check()
    {
        foreach (var format in (DataFileFormat[])[Default, Changelog, .. _levels.Values, .. _changelogLevels.Values])
        {
            format.Format.Check(format.Options);
        }
    }

    private static Dictionary<int, string> PerLevel(TableOptions options, string key)
    {
        var levels = new Dictionary<int, string>();
        foreach (var part in options.GetList(key))
        {
            var colon = part.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0
                || !int.TryParse(part.AsSpan(0, colon).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var level))
            {
                throw TableOptions.Error(key, options.GetString(key, ""), "a list of LEVEL:VALUE");
            }

            levels[level] = part[(colon + 1)..].Trim();
        }

        return levels;
    }

    private DataFileFormat Make(string format, string compression, string? mode, string modeKey)
    {
        var named = DataFileFormats.Named(format);
        var extension = DataFileFormats.Extension(named, _options);
        var options = DataFileFormats.WriterOptions(_options, _memory) with { Compression = compression };
        var (values, keys) = StatsModesOf(named, mode, modeKey);
        return new DataFileFormat(named, options, values, keys, extension);
    }

    // Keys have modes of their own, but in Avro files, where Paimon treats them, and the columns that it adds, as any column.
    private (StatsMode[] Values, StatsMode[] Keys) StatsModesOf(IFileFormat format, string? mode, string modeKey)
    {
        var names = _schema.Fields.Select(field => field.Name);
        var keys = _schema.PrimaryKeys.Count == 0 ? [] : _schema.TrimmedPrimaryKeys;
        var isThin = keys.Count > 0 && _options.GetBoolean("data-file.thin-mode", false);
        var isAvro = format.Identifier == "avro";
        var before = !isAvro || keys.Count == 0 ? 0 : AddedColumns + (isThin ? 0 : keys.Count);
        var values = StatsMode.OfColumns(names, _options, mode, modeKey, before, isThin && !isAvro ? keys : []);
        return (values, isThin ? [.. _schema.IndexesOf(keys).Select(i => values[i])]
            : isAvro ? StatsMode.OfColumns(keys.Select(name => "_KEY_" + name), _options, mode, modeKey, 0, [])
            : [.. keys.Select(_ => StatsMode.Keys)]);
    }
}
