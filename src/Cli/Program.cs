using PaimonSharp.Cli;

return await PaimonSharpCommand.RunAsync(args, Terminal.System()).ConfigureAwait(false);
