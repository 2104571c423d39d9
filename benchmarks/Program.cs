using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using QuantGen.Benchmarks.Calibrating;
using QuantGen.Benchmarks.Generators;
using QuantGen.Benchmarks.Numerics;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is ["--numerics"])
{
    NumericsComparison.Run();
    return;
}

if (args is ["--edits"])
{
    EditComparison.Run();
    return;
}

if (args is ["--quick", ..])
{
    QuickComparison.Run();
    return;
}

// In this process: a generated project would not find LibTorch.
BenchmarkSwitcher.FromAssembly(typeof(QuickComparison).Assembly)
    .Run(args, DefaultConfig.Instance.AddJob(Job.Default.WithToolchain(new InProcessEmitToolchain(logOutput: false))));
