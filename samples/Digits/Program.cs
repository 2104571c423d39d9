using System.CommandLine;
using System.Text.Json;
using Digits;
using Digits.Data;
using Digits.Reporting;
using Spectre.Console;

Option<int> seed = new("--seed") { Description = "Seed of all random numbers; the same seed gives the same numbers.", DefaultValueFactory = _ => 3 };
Option<int> epochs = new("--epochs") { Description = "Training passes over the 1,200 images.", DefaultValueFactory = _ => 60 };
Option<string> output = new("--out")
{
    Description = "Folder for the models and results.json.",
    DefaultValueFactory = _ => Path.Combine("output", "digits"),
};
Option<string> dataFile = new("--data")
{
    Description = "The digits, a gzip-compressed CSV file.",
    DefaultValueFactory = _ => Path.Combine(AppContext.BaseDirectory, "Data", "digits.csv.gz"),
};
epochs.Validators.Add(result =>
{
    if (result.Errors.Any() || !int.TryParse(result.Tokens is [.., var token] ? token.Value : "1", out int value) || value < 1)
    {
        result.AddError("--epochs must be at least 1.");
    }
});

RootCommand command = new("Trains a small residual network on handwritten digits, quantizes it with QuantGen, exports it and compares.")
{
    seed, epochs, output, dataFile,
};
command.SetAction(parsed => Run(
    new(parsed.GetValue(seed), parsed.GetValue(epochs), parsed.GetValue(output)!), parsed.GetValue(dataFile)!));
return command.Parse(args).Invoke(new() { EnableDefaultExceptionHandler = false });

static int Run(Settings settings, string dataFile)
{
    try
    {
        settings = settings with { Output = OutputFolder.Prepare(settings.Output) };
        QuantGen.TorchNative.EnsureLoaded();
        DigitsData data = DigitsData.Load(dataFile);
        IProgressLog log = AnsiConsole.Profile.Capabilities.Interactive && !Console.IsOutputRedirected ? new LiveLog() : new PlainLog();
        Results results = new DigitsRun(data, settings, log).Execute();
        ResultsTable.Print(results, DigitsRun.LatencyBatch);
        string path = Path.Combine(settings.Output, "results.json");
        File.WriteAllText(path, JsonSerializer.Serialize(results, JsonFormat.Options));
        Console.WriteLine($"Models and results.json are in {settings.Output} ({results.Seconds:F1} s).");
        return 0;
    }
    catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or InvalidOperationException or ArgumentException or NotSupportedException)
    {
        Console.Error.WriteLine(e.Message);
        return 1;
    }
}
