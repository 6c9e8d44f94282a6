using PaimonSharp.Storage.Formats;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Lsm;

/// <summary>How files of one kind or level are written.</summary>
/// <param name="Format">Their format.</param>
/// <param name="Options">Compression, block sizes.</param>
/// <param name="StatsModes">What manifests keep of the statistics of each column.</param>
/// <param name="KeyStatsModes">What they keep of those of each key column.</param>
/// <param name="Extension">What ends their names, without the dot before it.</param>
internal sealed record DataFileFormat(
    IFileFormat Format,
    FormatWriterOptions Options,
    IReadOnlyList<StatsMode> StatsModes,
    IReadOnlyList<StatsMode> KeyStatsModes,
    string Extension);
