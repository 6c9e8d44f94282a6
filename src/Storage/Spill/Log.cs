using Microsoft.Extensions.Logging;

namespace PaimonSharp.Storage.Spill;

/// <summary>What spilling tells an operator. Ids 1100 to 1119.</summary>
internal static partial class Log
{
    [LoggerMessage(1100, LogLevel.Warning, "{Directory}: takes no rows; they go to files of the table, smaller ones than else")]
    public static partial void NotSpilled(ILogger logger, Exception error, string directory);
}
