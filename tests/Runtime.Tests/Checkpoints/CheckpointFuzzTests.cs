using System.Globalization;
using System.IO.Compression;
using QuantGen.Modules;
using TorchSharp.Modules;
using Xunit.Abstractions;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen.Tests.Checkpoints;

/// <summary>Good files with damage from a fixed seed: each loads, or is refused by one of two exceptions that change nothing.</summary>
public sealed class CheckpointFuzzTests(ITestOutputHelper output) : CheckpointFixture
{
    // Set QUANTGEN_FUZZ to go through more.
    private const int MutationsInEveryRun = 2000;
    private const long MostBytes = 100 << 20;

    private static readonly string[] s_files =
    [
        "kinds.pth", "kinds_protocol4.pth", "kinds_legacy.pth", "kinds_legacy_protocol4.pth", "kinds.safetensors", "nested.pth",
    ];

    private static readonly string[] s_written = ["net.dat", "net.pth", "quant.pth", "quant.safetensors", "packed.pth"];

    [Fact]
    public void Damaged_files_are_refused_or_read_and_never_do_harm()
    {
        TorchSharp.torch.random.manual_seed(25);
        using Linear linear = Linear(3, 2);
        using QuantLinear quant = new(3, 2);
        Calibration.Run(quant, [randn(8, 3)], CalibrationMethod.Max);
        linear.SaveWeights(Temporary("net.dat"));
        linear.SaveWeights(Temporary("net.pth"));
        quant.SaveWeights(Temporary("quant.pth"));
        quant.SaveWeights(Temporary("quant.safetensors"));
        Pack(Temporary("quant.pth"), Temporary("packed.pth"));
        (string Name, byte[] Bytes)[] files =
        [
            .. s_files.Select(name => (name, File.ReadAllBytes(Fixture(name)))),
            .. s_written.Select(name => (name, File.ReadAllBytes(Temporary(name)))),
        ];
        string? more = Environment.GetEnvironmentVariable("QUANTGEN_FUZZ");
        int mutations = int.TryParse(more, CultureInfo.InvariantCulture, out int asked) ? asked : MutationsInEveryRun;
        Random random = new(20_261_125);
        (int read, int refused) = (0, 0);
        for (int i = 0; i < mutations; i++)
        {
            (string name, byte[] bytes) = files[i % files.Length];
            string path = Temporary(name, Mutated(bytes, random));
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            using var scope = NewDisposeScope();
            try
            {
                using Checkpoint file = Checkpoint.Open(path);
                file.ReadAll();
                read++;
            }
            catch (CheckpointException)
            {
                refused++;
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocated, 0, MostBytes);
            Module model = name.StartsWith("net", StringComparison.Ordinal) || name.StartsWith("nested", StringComparison.Ordinal) ? linear : quant;
            string before = State(model);
            if (!Loads(model, path))
            {
                Assert.Equal(before, State(model));
            }
        }

        output.WriteLine($"{mutations} mutations: {read} read, {refused} refused.");
        Assert.InRange(refused, mutations / 4, mutations);
    }

    private static bool Loads(Module model, string path)
    {
        try
        {
            model.LoadState(path);
            return true;
        }
        catch (Exception e) when (e is CheckpointException or WeightMismatchException)
        {
            return false;
        }
    }

    private static string State(Module model) => string.Join(' ', model.state_dict().Select(entry => $"{entry.Key}: {string.Join(' ', Values(entry.Value))}"));

    private static void Pack(string path, string packed)
    {
        using ZipArchive from = ZipFile.OpenRead(path), to = ZipFile.Open(packed, ZipArchiveMode.Create);
        foreach (ZipArchiveEntry entry in from.Entries)
        {
            using Stream content = entry.Open(), copy = to.CreateEntry(entry.FullName, CompressionLevel.SmallestSize).Open();
            content.CopyTo(copy);
        }
    }

    // One to four of: bits turned, bytes changed for ones that mean something, parts cut out, doubled or exchanged, the end cut off.
    private static byte[] Mutated(byte[] bytes, Random random)
    {
        List<byte> result = [.. bytes];
        for (int changes = random.Next(1, 5); changes > 0 && result.Count > 1; changes--)
        {
            int at = random.Next(result.Count), length = Math.Min(random.Next(1, 17), result.Count - at);
            switch (random.Next(6))
            {
                case 0: result[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: result[at] = (byte)random.Next(256); break;
                case 2: result[at] = (byte)(random.Next(2) == 0 ? 0xff : "(].}Qqhjt\u0080\u008a\u0093\u0094\u0095"[random.Next(14)]); break;
                case 3: result.RemoveRange(at, length); break;
                case 4: result.InsertRange(at, result.GetRange(random.Next(result.Count - length + 1), length)); break;
                default:
                    if (random.Next(4) == 0)
                    {
                        result.RemoveRange(at, result.Count - at);
                    }
                    else
                    {
                        for (int i = 0; i < length; i++)
                        {
                            result[at + i] = 0xff;
                        }
                    }

                    break;
            }
        }

        return [.. result];
    }
}
