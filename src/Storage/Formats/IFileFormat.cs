using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Io;

namespace PaimonSharp.Storage.Formats;

/// <summary>A data file format: column vectors to bytes and back. Stateless and shared.</summary>
internal interface IFileFormat
{
    /// <summary>The extension of its files: <c>parquet</c> or <c>avro</c>.</summary>
    string Identifier { get; }

    /// <summary>Begins a file of rows.</summary>
    /// <param name="file">The empty file; the writer completes and disposes it.</param>
    /// <param name="rowType">The columns, with the field ids that go into the file.</param>
    /// <param name="options">Compression, block sizes.</param>
    IFormatWriter CreateWriter(IOutputFile file, RowType rowType, FormatWriterOptions options);

    /// <summary>Refuses options that no file can be written with.</summary>
    /// <param name="options">Compression, block sizes.</param>
    /// <exception cref="Data.Errors.PaimonException">Invalid or Unsupported: a compression that the format has not.</exception>
    void Check(FormatWriterOptions options);

    /// <summary>Opens a file, reading its footer or header.</summary>
    /// <param name="file">The file; the reader disposes it.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask<IFormatReader> OpenAsync(IInputFile file, CancellationToken cancellationToken);
}
