using System.Text;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace QuantGen.Tests.Checkpoints;

public sealed class CheckpointWritingTests : CheckpointFixture
{
    [Theory]
    [InlineData("copy.safetensors")]
    [InlineData("copy.pth")]
    [InlineData("copy.pt")]
    [InlineData("copy.dat")]
    public void What_is_written_is_read_again(string name)
    {
        using Checkpoint source = Checkpoint.Open(Fixture("kinds.pth"));
        Dictionary<string, Tensor> state = source.ReadAll();

        Checkpoint.Write(Temporary(name), state);

        using Checkpoint copy = Checkpoint.Open(Temporary(name));
        Assert.Equal(state.Keys.Order(), copy.Tensors.Select(tensor => tensor.Name).Order());
        Assert.All(state, entry =>
        {
            Tensor read = copy.Read(entry.Key);
            Assert.Equal((entry.Value.dtype, $"{string.Join(',', entry.Value.shape)}"), (read.dtype, $"{string.Join(',', read.shape)}"));
            Assert.Equal(Values(entry.Value), Values(read));
        });
    }

    [Fact]
    public void A_safetensors_file_is_aligned_and_has_the_bytes_of_its_description()
    {
        string path = Temporary("two.safetensors");

        Checkpoint.Write(
            path,
            new Dictionary<string, Tensor> { ["a"] = tensor(new sbyte[] { 1, -1 }), ["b"] = tensor(new[] { 1f, 2f }, 2, 1).t() },
            new Dictionary<string, string> { ["made by"] = "test" });

        byte[] bytes = File.ReadAllBytes(path);
        const string Header = """{"__metadata__":{"made by":"test"},"b":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"a":{"dtype":"I8","shape":[2],"data_offsets":[8,10]}}""";
        Assert.Equal((144, 0), (BitConverter.ToInt64(bytes), BitConverter.ToInt64(bytes) % 8));
        Assert.Equal(Header.PadRight(144), Encoding.UTF8.GetString(bytes, 8, 144));
        Assert.Equal([0, 0, 0x80, 0x3f, 0, 0, 0, 0x40, 1, 0xff], bytes[152..]);
    }

    [Fact]
    public void TorchSharp_loads_a_dat_file_that_was_written_here()
    {
        using Linear written = nn.Linear(300, 2), loaded = nn.Linear(300, 2);

        written.SaveWeights(Temporary("net.dat"));
        loaded.load(Temporary("net.dat"));

        Assert.Equal(Values(written.weight), Values(loaded.weight));
    }

    [Fact]
    public void Eight_bit_floats_are_read_as_the_numbers_that_they_are()
    {
        byte[] header = Encoding.UTF8.GetBytes(
            """{"e4m3":{"dtype":"F8_E4M3","shape":[6],"data_offsets":[0,6]},"e5m2":{"dtype":"F8_E5M2","shape":[5],"data_offsets":[6,11]}}""");
        string path = Temporary(
            "float8.safetensors",
            [.. BitConverter.GetBytes((ulong)header.Length), .. header, 0x38, 0xb9, 0x7e, 0x01, 0x7f, 0x08, 0x3c, 0xbd, 0x7b, 0x01, 0x7c]);

        using Checkpoint file = Checkpoint.Open(path);

        Assert.Equal(
            [("e4m3", "float8_e4m3fn", ScalarType.Float32), ("e5m2", "float8_e5m2", ScalarType.Float32)],
            file.Tensors.Select(t => (t.Name, t.StoredType, t.Type)));
        Assert.Equal([1, -1.125, 448, 0.001953125, double.NaN, 0.015625], Values(file.Read("e4m3")));
        Assert.Equal([1, -1.25, 57344, 1.52587890625e-05, double.PositiveInfinity], Values(file.Read("e5m2")));
    }

    [Fact]
    public void A_model_that_is_spread_over_files_is_read_by_its_index()
    {
        Checkpoint.Write(Temporary("model-1.safetensors"), new Dictionary<string, Tensor> { ["weight"] = ones(2, 3) });
        Checkpoint.Write(Temporary("model-2.safetensors"), new Dictionary<string, Tensor> { ["bias"] = full([2], 5f) });
        string index = Temporary(
            "model.safetensors.index.json",
            """{"metadata":{"total_size":32,"by":"hand"},"weight_map":{"weight":"model-1.safetensors","bias":"model-2.safetensors"}}"""u8);
        using Linear linear = nn.Linear(3, 2);

        WeightReport report = linear.LoadWeights(index);

        Assert.Equal(CheckpointFormat.ShardIndex, report.Format);
        Assert.Equal([5, 5], Values(linear.bias!));
        Assert.Equal([1, 1, 1, 1, 1, 1], Values(linear.weight));
    }

    [Fact]
    public void Failing_to_write_leaves_the_old_file_and_no_other()
    {
        string path = Temporary("net.safetensors");
        using Linear linear = nn.Linear(2, 2);
        linear.SaveWeights(path);
        byte[] before = File.ReadAllBytes(path);

        NotSupportedException error = Assert.Throws<NotSupportedException>(
            () => Checkpoint.Write(path, new Dictionary<string, Tensor> { ["x"] = zeros(2, dtype: ScalarType.ComplexFloat32) }));

        Assert.Contains("Tensors of type ComplexFloat32 are not written", error.Message);
        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void An_extension_that_names_no_format_is_refused()
    {
        using Linear linear = nn.Linear(2, 2);

        Assert.Contains(
            "names no format; it may be .safetensors, .pth, .pt, .bin (PyTorch) or .dat (TorchSharp).",
            Assert.Throws<ArgumentException>(() => linear.SaveWeights(Temporary("net.onnx"))).Message);
        Assert.Contains(
            "keeps no texts beside its tensors",
            Assert.Throws<ArgumentException>(() => linear.SaveWeights(Temporary("net.pth"), metadata: new Dictionary<string, string> { ["a"] = "b" })).Message);
    }
}
