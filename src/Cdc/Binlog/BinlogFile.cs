namespace PaimonSharp.Cdc.Binlog;

/// <summary>A binlog file to read, plain or gzip-compressed.</summary>
/// <param name="Name">Its name for positions and messages.</param>
/// <param name="Open">Opens it for reading from its beginning.</param>
public sealed record BinlogFile(string Name, Func<CancellationToken, ValueTask<Stream>> Open);
