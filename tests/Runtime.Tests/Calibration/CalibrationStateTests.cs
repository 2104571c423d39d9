using CsCheck;
using static TorchSharp.torch;

namespace QuantGen.Tests.Calibrating;

public sealed class CalibrationStateTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("quantgen-").FullName;

    private string Path => System.IO.Path.Combine(_folder, "calibration.qgc");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Shards_merge_to_the_very_bytes_of_one_collection_in_any_order_and_grouping()
    {
        using var scope = NewDisposeScope();
        using SmallNet net = new();
        Tensor[] batches = SmallNet.Batches(6);
        byte[] whole = Calibration.Collect(net, batches).ToBytes();
        CalibrationState[] shards = [.. batches.Select(batch => Calibration.Collect(net, [batch]))];

        Gen.Int.Sample(seed =>
        {
            Random random = new(seed);
            List<CalibrationState> parts = [.. shards];
            while (parts.Count > 1)
            {
                // Any two of them become one.
                CalibrationState first = Take(parts, random), second = Take(parts, random);
                parts.Add(CalibrationState.Merge(first, second));
            }

            return parts[0].ToBytes().AsSpan().SequenceEqual(whole);
        }, iter: 50);
    }

    [Fact]
    public void A_state_gives_another_copy_of_the_model_the_same_ranges()
    {
        using var scope = NewDisposeScope();
        using SmallNet net = new(), other = new();
        CalibrationState statistics = Calibration.Collect(net, SmallNet.Batches());
        statistics.Save(Path);

        foreach (CalibrationMethod method in (CalibrationMethod[])[CalibrationMethod.Max, CalibrationMethod.Entropy, CalibrationMethod.Mse, CalibrationMethod.Percentile()])
        {
            CalibrationReport expected = statistics.Apply(net, method), actual = CalibrationState.Load(Path).Apply(other, method);

            Assert.Equal(CalibrationRunTests.Ranges(net), CalibrationRunTests.Ranges(other));
            Assert.Equal(expected.NeverReached, actual.NeverReached);
            Assert.Equal(expected.Quantizers.Select(row => (row.Name, row.Applied, row.Batches)), actual.Quantizers.Select(row => (row.Name, row.Applied, row.Batches)));
        }

        Assert.Equal([Path], Directory.GetFiles(_folder));
    }

    [Fact]
    public void Every_changed_byte_and_every_cut_is_an_error()
    {
        byte[] bytes = State().ToBytes();
        for (int i = 0; i < bytes.Length; i++)
        {
            byte[] changed = [.. bytes];
            changed[i] ^= (byte)(1 << (i % 8));

            Assert.Throws<InvalidDataException>(() => CalibrationState.FromBytes(changed));
            Assert.Throws<InvalidDataException>(() => CalibrationState.FromBytes(bytes.AsSpan(0, i)));
        }

        Assert.Throws<InvalidDataException>(() => CalibrationState.FromBytes([.. bytes, 0]));
    }

    [Fact]
    public void Forged_content_with_a_right_checksum_is_an_error_and_nothing_else()
    {
        byte[] bytes = State().ToBytes();
        for (int i = 9; i < bytes.Length - 32; i++)
        {
            byte[] changed = [.. bytes];
            changed[i] ^= 0xFF;
            System.Security.Cryptography.SHA256.HashData(changed.AsSpan(0, changed.Length - 32)).CopyTo(changed, changed.Length - 32);
            try
            {
                CalibrationState.FromBytes(changed);
            }
            catch (InvalidDataException)
            {
            }
        }
    }

    [Fact]
    public void A_file_of_another_kind_is_named_in_the_error()
    {
        File.WriteAllText(Path, "not a state at all, but long enough to hold a checksum of 32 bytes");

        InvalidDataException error = Assert.Throws<InvalidDataException>(() => CalibrationState.Load(Path));

        Assert.Equal($"'{Path}' cannot be read as a calibration state: it does not start like one.", error.Message);
    }

    [Fact]
    public void Another_version_says_so()
    {
        byte[] bytes = State().ToBytes();
        bytes[8] = 4;
        Assert.Contains("version 4", Assert.Throws<InvalidDataException>(() => CalibrationState.FromBytes(bytes)).Message, StringComparison.Ordinal);

        // Version 2 did not tell signs apart.
        bytes[8] = 2;
        Assert.Contains(
            "version 2, and this release knows version 3 only. Collect the statistics again.",
            Assert.Throws<InvalidDataException>(() => CalibrationState.FromBytes(bytes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void States_of_other_models_are_refused()
    {
        using var scope = NewDisposeScope();
        using TorchSharp.Modules.Sequential other = nn.Sequential(("only", new TensorQuantizer()));
        CalibrationState state = State(), foreign = Calibration.Collect(other, [ones(3)]);

        string message = Assert.Throws<ArgumentException>(() => CalibrationState.Merge(state, foreign)).Message;
        Assert.Contains("'conv._input_quantizer'", message, StringComparison.Ordinal);
        Assert.Contains("'only'", message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => state.Apply(other));
        Assert.Throws<ArgumentException>(() => CalibrationState.Merge());
        Assert.Null(other.modules().OfType<TensorQuantizer>().Single().Amax);
    }

    [Fact]
    public void A_moving_average_of_loaded_statistics_is_an_error_that_says_why()
    {
        using SmallNet net = new();

        ArgumentException error = Assert.Throws<ArgumentException>(() => CalibrationState.FromBytes(State().ToBytes()).Apply(net, CalibrationMethod.MovingAverageMax()));

        Assert.Contains("order", error.Message, StringComparison.Ordinal);
    }

    private static CalibrationState State()
    {
        using var scope = NewDisposeScope();
        using SmallNet net = new();
        return Calibration.Collect(net, SmallNet.Batches(2));
    }

    private static CalibrationState Take(List<CalibrationState> parts, Random random)
    {
        int index = random.Next(parts.Count);
        CalibrationState part = parts[index];
        parts.RemoveAt(index);
        return part;
    }
}
