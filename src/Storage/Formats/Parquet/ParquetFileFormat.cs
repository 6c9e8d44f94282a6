using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Formats.Parquet.Reading;
using PaimonSharp.Storage.Formats.Parquet.Writing;
using PaimonSharp.Storage.Io;

namespace PaimonSharp.Storage.Formats.Parquet;

/// <summary>Parquet as Paimon writes and reads it (docs/format.md#parquet).</summary>
internal sealed class ParquetFileFormat : IFileFormat
{
    /// <summary>The format's one instance.</summary>
    public static ParquetFileFormat Instance { get; } = new();

    public string Identifier => "parquet";

    public IFormatWriter CreateWriter(IOutputFile file, RowType rowType, FormatWriterOptions options) =>
        new ParquetWriter(file, rowType, options);

    public void Check(FormatWriterOptions options) => WriterSettings.From(options);

    public ValueTask<IFormatReader> OpenAsync(IInputFile file, CancellationToken cancellationToken) =>
        ParquetReader.OpenAsync(file, cancellationToken);
}
