using System.IO.Compression;
using System.Text;

namespace QuantGen.Tests.Checkpoints;

/// <summary>Pickles written by hand, in an archive as torch.save makes it.</summary>
public sealed class HostilePickleTests : CheckpointFixture
{
    // {"a": _rebuild_tensor_v2(('storage', FloatStorage, '0', 'cpu', COUNT), OFFSET, (SIZE,), (STRIDE,), False, OrderedDict())}
    [Theory]
    [InlineData(4, 0, 4, 1, null)]
    [InlineData(4, 0, 4, 0, null)]
    [InlineData(4, 1, 4, 1, "shape [4] with strides [1] from element 1 leaves its storage of 4")]
    [InlineData(4, -1, 2, 1, "from element -1 leaves its storage")]
    [InlineData(4, 0, 2, -1, "strides [-1]")]
    [InlineData(4, 0, 2, int.MaxValue, "leaves its storage")]
    [InlineData(4, int.MaxValue, 2, 1, "leaves its storage")]
    [InlineData(4, 0, -4, 1, "shape [-4] with 1 strides is none")]
    [InlineData(5, 0, 4, 1, "its storage has 5 elements, for which the 16 bytes in the file do not suffice")]
    [InlineData(-1, 0, 4, 1, "its storage has -1 elements")]
    [InlineData(4, 0, int.MaxValue, 0, "the tensors would take more than 67108864 bytes, of a file of")]
    public void A_tensor_has_to_lie_in_its_storage(int count, int offset, int size, int stride, string? message)
    {
        string path = Archive([
            0x80, 2, (byte)'}', .. Text("a"), .. "ctorch._utils\n_rebuild_tensor_v2\n(("u8, .. Text("storage"), .. "ctorch\nFloatStorage\n"u8,
            .. Text("0"), .. Text("cpu"), .. Integer(count), .. "tQ"u8, .. Integer(offset), .. Integer(size), 0x85, .. Integer(stride), 0x85, 0x89,
            .. "ccollections\nOrderedDict\n)RtRs."u8]);

        if (message is null)
        {
            using Checkpoint file = Checkpoint.Open(path);
            Assert.Equal(stride == 0 ? [1, 1, 1, 1] : [1, 2, 3, 4], Values(file.Read("a")));
        }
        else
        {
            Assert.Contains(message, Error(path));
        }
    }

    [Theory]
    [InlineData("cos\nsystem\n.", "the name 'os.system', which is no part of a state dictionary")]
    [InlineData("cbuiltins\neval\n.", "the name 'builtins.eval'")]
    [InlineData("ctorch\nload\n.", "the name 'torch.load'")]
    [InlineData("ctorch.storage\n_load_from_bytes\n.", "the name 'torch.storage._load_from_bytes'")]
    [InlineData("ctorch\nFloatStorage\n)R.", "'torch.FloatStorage' is called")]
    [InlineData("ccollections\nOrderedDict\nK\u0001\u0085R.", "an ordered dictionary is made of something else than pairs")]
    [InlineData("K\u0001K\u0002R.", "what is called is no name, or its arguments are no tuple")]
    [InlineData("i", "the instruction 0x69, which state dictionaries do not have")]
    [InlineData("\u0082\u0001", "the instruction 0x82")]
    [InlineData(".", "an instruction takes a value, and there is none")]
    [InlineData("}u.", "a collection has no beginning")]
    [InlineData("}(K\u0001u.", "an entry of a dictionary has no value")]
    [InlineData("K\u0001(K\u0002e.", "what is appended to is no list")]
    [InlineData("](0.", "an instruction takes a value, and there is none")]
    [InlineData("h\u0005.", "nothing was kept as number 5")]
    [InlineData("X\u00ff\u00ff\u00ff\u007f", "2147483647 bytes are announced")]
    [InlineData("\u008d\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff", "18446744073709551615 bytes are announced")]
    [InlineData("\u008b\u00ff\u00ff\u00ff\u007f", "an integer of 2147483647 bytes is announced")]
    [InlineData("X\u0001\u0000\u0000\u0000\u00ff.", "a text is not UTF-8")]
    [InlineData("K\u0001Q.", "what is kept outside of the pickle is no storage")]
    [InlineData("]}b.", "attributes of something that is no dictionary")]
    [InlineData("K\u0001.", "it holds no dictionary of tensors")]
    [InlineData("}.", "there are no tensors in it; at its top it has nothing with a name")]
    [InlineData("}q\u0000X\u0005\u0000\u0000\u0000modelh\u0000s.", "nested deeper than 8, or have more than 1000000 entries")]
    [InlineData("}q\u0000X\u0001\u0000\u0000\u0000xh\u0000s.", "nested deeper than 8")]
    [InlineData("]q\u0000h\u0000\u0061.", "it holds no dictionary of tensors")]
    public void A_pickle_that_is_no_state_dictionary_is_refused(string program, string message)
        => Assert.Contains(message, Error(Archive([0x80, 2, .. Encoding.Latin1.GetBytes(program)])));

    [Fact]
    public void A_tensor_over_bytes_says_its_type_itself_as_newer_PyTorch_writes_8_bit_floats()
    {
        string path = Archive([
            0x80, 2, (byte)'}', .. Text("a"), .. "ctorch._utils\n_rebuild_tensor_v3\n(("u8, .. Text("storage"), .. "ctorch.storage\nUntypedStorage\n"u8,
            .. Text("0"), .. Text("cpu"), .. Integer(16), .. "tQ"u8, .. Integer(2), .. Integer(2), 0x85, .. Integer(1), 0x85, 0x89, .. "ccollections\nOrderedDict\n)R"u8,
            .. "ctorch\nfloat8_e5m2\ntRs."u8]);

        using Checkpoint file = Checkpoint.Open(path);

        // The upper bytes of 1f, 0x80 and 0x3f.
        Assert.Equal([0, 1.75], Values(file.Read("a")).Select(Math.Abs));
    }

    [Fact]
    public void Nesting_without_end_takes_neither_the_stack_nor_the_memory()
    {
        // A million lists in each other; dictionaries that hold the one before ten times each.
        byte[] deep = [0x80, 2, .. Enumerable.Repeat((byte)']', 1_000_000), .. Enumerable.Repeat((byte)'a', 999_999), (byte)'.'];
        List<byte> wide = [0x80, 2, (byte)'}'];
        for (byte i = 0; i < 9; i++)
        {
            wide.AddRange([(byte)'q', i, (byte)'0', (byte)'}', (byte)'(']);
            for (int j = 0; j < 10; j++)
            {
                wide.AddRange([.. Text($"{j}"), (byte)'h', i]);
            }

            wide.Add((byte)'u');
        }

        wide.Add((byte)'.');
        Assert.Contains("it holds no dictionary of tensors", Error(Archive(deep)));
        Assert.Contains("nested deeper than 8, or have more than 1000000 entries", Error(Archive([.. wide])));
    }

    private static byte[] Text(string text) => [(byte)'X', .. BitConverter.GetBytes(text.Length), .. Encoding.ASCII.GetBytes(text)];

    private static byte[] Integer(int value) => [(byte)'J', .. BitConverter.GetBytes(value)];

    private static string Error(string path) => Assert.Throws<CheckpointException>(() => Checkpoint.Open(path)).Message;

    private string Archive(byte[] pickle)
    {
        string path = Temporary($"{Guid.NewGuid():N}.pth");
        using ZipArchive archive = ZipFile.Open(path, ZipArchiveMode.Create);
        Record(archive, "net/data.pkl", pickle);
        Record(archive, "net/data/0", [.. new[] { 1f, 2f, 3f, 4f }.SelectMany(BitConverter.GetBytes)]);
        return path;
    }

    private static void Record(ZipArchive archive, string name, byte[] content)
    {
        using Stream stream = archive.CreateEntry(name, CompressionLevel.NoCompression).Open();
        stream.Write(content);
    }
}
