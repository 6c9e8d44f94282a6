using BenchmarkDotNet.Running;

// dotnet run -c Release --project bench/Micro -- --filter '*Bucket*'
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
