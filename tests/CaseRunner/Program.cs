using PaimonSharp.CaseRunner;

return await CaseRunnerCommand.RunAsync(args, Console.Out, Console.Error);
