using static TorchSharp.torch;

namespace QuantGen.Tests.Checkpoints;

/// <summary>Files that PyTorch itself wrote.</summary>
public sealed class CheckpointReadingTests : CheckpointFixture
{
    [Theory]
    [InlineData("kinds.pth", CheckpointFormat.PyTorch)]
    [InlineData("kinds_protocol3.pth", CheckpointFormat.PyTorch)]
    [InlineData("kinds_protocol4.pth", CheckpointFormat.PyTorch)]
    [InlineData("kinds_protocol5.pth", CheckpointFormat.PyTorch)]
    [InlineData("kinds_legacy.pth", CheckpointFormat.PyTorchLegacy)]
    [InlineData("kinds_legacy_protocol4.pth", CheckpointFormat.PyTorchLegacy)]
    [InlineData("kinds.safetensors", CheckpointFormat.Safetensors)]
    public void Every_type_and_every_way_to_lie_in_memory_is_read(string name, CheckpointFormat format)
    {
        using Checkpoint file = Checkpoint.Open(Fixture(name));

        Assert.Equal(format, file.Format);
        Assert.Equal(
            [
                ("float64", ScalarType.Float64, "[5]", "-2 -1 0 1 2"), ("float32", ScalarType.Float32, "[5]", "-2 -1 0 1 2"),
                ("float16", ScalarType.Float16, "[5]", "-2 -1 0 1 2"), ("bfloat16", ScalarType.BFloat16, "[5]", "-2 -1 0 1 2"),
                ("int64", ScalarType.Int64, "[5]", "-2 -1 0 1 2"), ("int32", ScalarType.Int32, "[5]", "-2 -1 0 1 2"),
                ("int16", ScalarType.Int16, "[5]", "-2 -1 0 1 2"), ("int8", ScalarType.Int8, "[5]", "-2 -1 0 1 2"),
                ("uint8", ScalarType.Byte, "[5]", "0 1 2 3 4"), ("bool", ScalarType.Bool, "[5]", "0 1 1 1 1"),
                ("scalar", ScalarType.Int64, "[]", "7"), ("empty", ScalarType.Float32, "[0, 3]", ""),
                ("transposed", ScalarType.Float32, "[6, 4]", "0 6 12 18 1 7 13 19 2 8 14 20 3 9 15 21 4 10 16 22 5 11 17 23"),
                ("slice", ScalarType.Float32, "[2, 3]", "8 9 10 14 15 16"),
                ("whole", ScalarType.Float32, "[4, 6]", string.Join(' ', Enumerable.Range(0, 24))),
                ("every_second", ScalarType.Float32, "[12]", "1 3 5 7 9 11 13 15 17 19 21 23"),
                ("channels_last", ScalarType.Float32, "[1, 2, 3, 4]", string.Join(' ', Enumerable.Range(0, 24))),
                ("expanded", ScalarType.Float32, "[2, 3]", "3 3 3 3 3 3"),
                ("parameter", ScalarType.Float32, "[2]", "1.5 -2.5"),
            ],
            file.Tensors.Select(entry => (entry.Name, file.Read(entry.Name)))
                .Select(entry => (entry.Name, entry.Item2.dtype, $"[{string.Join(", ", entry.Item2.shape)}]", string.Join(' ', Values(entry.Item2)))));
    }

    [Fact]
    public void Texts_beside_the_tensors_are_kept()
    {
        using Checkpoint file = Checkpoint.Open(Fixture("kinds.safetensors"));

        Assert.Equal([new("format", "pt"), new("comment", "every type")], file.Metadata);
    }

    [Fact]
    public void Weights_are_found_beside_other_things_and_the_others_are_named()
    {
        using Checkpoint found = Checkpoint.Open(Fixture("nested.pth")), averaged = Checkpoint.Open(Fixture("nested.pth"), "ema");

        Assert.Equal(("model", "ema"), (found.Container, averaged.Container));
        Assert.Equal(["ema"], found.OtherContainers);
        Assert.Equal(["weight", "bias"], found.Tensors.Select(tensor => tensor.Name));
        Assert.NotEqual(Values(found.Read("weight")), Values(averaged.Read("weight")));
        CheckpointException error = Assert.Throws<CheckpointException>(() => Checkpoint.Open(Fixture("nested.pth"), "teacher"));
        Assert.Contains("it has no dictionary 'teacher'; at its top it has 'epoch', 'model', 'ema', 'optimizer'", error.Message);
    }

    [Theory]
    [InlineData("arguments.pth", "the name 'argparse.Namespace', which is no part of a state dictionary")]
    [InlineData("harm.pth", "the name 'posix.system', which is no part of a state dictionary")]
    [InlineData("complex.pth", "the name 'torch.ComplexFloatStorage', which is no part of a state dictionary")]
    [InlineData("script.pt", "is a TorchScript program")]
    public void What_is_no_state_dictionary_is_refused_by_its_name(string name, string message)
    {
        CheckpointException error = Assert.Throws<CheckpointException>(() => Checkpoint.Open(Fixture(name)));

        Assert.StartsWith($"'{Fixture(name)}' ", error.Message);
        Assert.Contains(message, error.Message);
        Assert.Contains("save", error.Message);
        Assert.EndsWith("Nothing was loaded.", error.Message);
    }

    [Fact]
    public void TorchSharps_own_files_are_read()
    {
        using var linear = nn.Linear(200, 3);
        string path = Temporary("net.dat");
        linear.save(path);

        using Checkpoint file = Checkpoint.Open(path);

        Assert.Equal(CheckpointFormat.TorchSharp, file.Format);
        Assert.Equal(["weight", "bias"], file.Tensors.Select(tensor => tensor.Name));
        Assert.Equal(Values(linear.weight), Values(file.Read("weight")));
        Assert.Equal(Values(linear.bias!), Values(file.Read("bias")));
    }

    [Fact]
    public void A_tensor_that_is_not_there_is_named_with_the_nearest_one()
    {
        using Checkpoint file = Checkpoint.Open(Fixture("nested.pth"));

        Assert.Contains("has no tensor 'wieght' (it has 'weight')", Assert.Throws<ArgumentException>(() => file.Read("wieght")).Message);
    }
}
