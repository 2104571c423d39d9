using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen.Tests.Checkpoints;

/// <summary>Files that were damaged, or made to do harm: one kind of error, nothing large allocated, nothing changed.</summary>
public sealed class HostileFileTests : CheckpointFixture
{
    private const string One = """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""";

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,16]}}""", 8, "it ends at byte 16, but the file has 8 bytes of values")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, "shape [3] of type F32 does not take the 8 bytes that it has")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}""", 8, "does not take the 8 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[0,4611686018427387904],"data_offsets":[0,0]}}""", 0, "does not take the 0 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", 8, "is no whole number from 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}}""", 8, "is no whole number from 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", 8, "are out of order")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12, "it overlaps the one before it")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[12,16]}}""", 16, "it leaves a hole before it")]
    [InlineData(One, 9, "1 bytes belong to no tensor")]
    [InlineData(One, 7, "it ends at byte 8, but the file has 7 bytes of values")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8, "the name 'a' is there twice")]
    [InlineData("""{"a":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8, "'a' has 'dtype', which is unknown or there twice")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2]}}""", 8, "'a' lacks its 'dtype', its 'shape', or its two 'data_offsets'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[[2]],"data_offsets":[0,8]}}""", 8, "depth")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} x""", 8, "'x' is invalid")]
    [InlineData("""{"__metadata__":{"a":1}}""", 0, "is Number instead of String")]
    [InlineData("""{"a":{"dtype":"Q7","shape":[2],"data_offsets":[0,8]}}""", 8, "the tensor 'a' of type 'Q7', which is not read")]
    [InlineData("{}[", 0, "is invalid")]
    public void A_header_that_cannot_be_is_refused(string header, int values, string message)
    {
        string path = Temporary("net.safetensors", [.. BitConverter.GetBytes((ulong)header.Length), .. Encoding.UTF8.GetBytes(header), .. new byte[values]]);

        Assert.Contains(message, Error(path), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(1UL << 62)]
    [InlineData(1000UL)]
    [InlineData(0UL)]
    public void A_length_of_the_header_that_cannot_be_is_refused(ulong length)
        => Assert.Contains("damaged", Error(Temporary("net.safetensors", [.. BitConverter.GetBytes(length), .. Encoding.UTF8.GetBytes(One), .. new byte[8]])));

    [Fact]
    public void A_header_nested_without_end_is_refused()
    {
        string header = $$"""{"a":{{new string('[', 100_000)}}""";

        Assert.Contains("damaged", Error(Temporary("net.safetensors", [.. BitConverter.GetBytes((ulong)header.Length), .. Encoding.UTF8.GetBytes(header)])));
    }

    [Theory]
    [InlineData("../model.safetensors")]
    [InlineData("..\\\\model.safetensors")]
    [InlineData("/etc/passwd")]
    [InlineData("C:model.safetensors")]
    [InlineData("..")]
    [InlineData("")]
    public void An_index_names_files_of_its_own_folder_only(string shard)
    {
        string path = Temporary("net.safetensors.index.json", Encoding.UTF8.GetBytes($$$"""{"weight_map":{"a":"{{{shard}}}"}}"""));

        Assert.Contains("which is not in the index's own folder", Error(path));
    }

    [Fact]
    public void An_index_and_its_files_have_to_agree()
    {
        Checkpoint.Write(Temporary("one.safetensors"), new Dictionary<string, Tensor> { ["a"] = ones(1) });

        Assert.Contains("'gone.safetensors', which is not beside it", Error(Index("""{"weight_map":{"a":"gone.safetensors"}}""")));
        Assert.Contains("does not look for it in this file", Error(Index("""{"weight_map":{"b":"one.safetensors"}}""")));
        Assert.Contains("it is not in its file 'one.safetensors'", Error(Index("""{"weight_map":{"a":"one.safetensors","b":"one.safetensors"}}""")));
        Assert.Contains("'a' is there twice", Error(Index("""{"weight_map":{"a":"one.safetensors","a":"one.safetensors"}}""")));
        Assert.Contains("damaged", Error(Index("""{"weight_map":{"a":"one.safetensors"}""")));

        string Index(string text) => Temporary("net.safetensors.index.json", Encoding.UTF8.GetBytes(text));
    }

    [Theory]
    [InlineData("kinds.pth")]
    [InlineData("kinds_legacy.pth")]
    [InlineData("kinds.safetensors")]
    public void A_file_that_ends_early_is_refused_wherever_it_ends(string name)
    {
        byte[] whole = File.ReadAllBytes(Fixture(name));
        for (int length = 0; length < whole.Length; length += 7)
        {
            Error(Temporary(name, whole.AsSpan(0, length)));
        }
    }

    [Fact]
    public void An_archive_that_would_grow_when_it_is_unpacked_is_refused()
    {
        string path = Temporary("bomb.pth");
        using (ZipArchive archive = ZipFile.Open(path, ZipArchiveMode.Create))
        {
            using Stream pickle = archive.CreateEntry("bomb/data.pkl", CompressionLevel.SmallestSize).Open();
            for (int i = 0; i < 256; i++)
            {
                pickle.Write(new byte[1 << 20]);
            }
        }

        Assert.Contains("bytes would become 268435456", Error(path));
    }

    [Fact]
    public void Other_archives_and_the_other_order_of_bytes_are_refused()
    {
        using (ZipArchive archive = ZipFile.Open(Temporary("other.pth"), ZipArchiveMode.Create))
        {
            archive.CreateEntry("readme.txt");
        }

        byte[] little = File.ReadAllBytes(Written());
        int mark = little.AsSpan().IndexOf("little"u8);
        "bigger"u8.CopyTo(little.AsSpan(mark));
        byte[] legacy = File.ReadAllBytes(Fixture("kinds_legacy.pth"));
        int flag = legacy.AsSpan().IndexOf("little_endian"u8) + "little_endian".Length;
        flag += legacy.AsSpan(flag).IndexOf((byte)0x88);
        legacy[flag] = 0x89;

        Assert.Contains("is an archive with 0 records 'data.pkl' instead of one", Error(Temporary("other.pth")));
        Assert.Contains("was written in the order of bytes 'bigger', not little-endian", Error(Temporary("big.pth", little)));
        Assert.Contains("was written big-endian", Error(Temporary("big_legacy.pth", legacy)));
    }

    [Fact]
    public void A_directory_of_records_that_lies_is_refused()
    {
        byte[] bytes = File.ReadAllBytes(Written());
        int record = bytes.AsSpan().IndexOf(BitConverter.GetBytes(0x02014b50));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(record + 42), 0x7fffffff);

        Assert.Contains("damaged", Error(Temporary("offset.pth", bytes)));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(record + 42), 0);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(record + 20), 0x7fffffff);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(record + 24), 0x7fffffff);
        Assert.Contains("bytes are not in the archive", Error(Temporary("length.pth", bytes)));
        int end = bytes.AsSpan().LastIndexOf(BitConverter.GetBytes(0x06054b50));
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(end + 10), 0xfffe);
        Assert.Contains("damaged", Error(Temporary("count.pth", bytes)));
    }

    [Fact]
    public void Folders_and_files_that_are_not_there_are_the_systems_own_errors()
    {
        using Linear linear = Linear(2, 2);

        Assert.Throws<FileNotFoundException>(() => linear.LoadWeights(Temporary("gone.pth")));
        Assert.Throws<UnauthorizedAccessException>(() => linear.LoadWeights(Path.GetTempPath()));
    }

    // The message; the same from opening and from loading, which changes nothing.
    private static string Error(string path)
    {
        using Linear linear = Linear(2, 2);
        double[] before = State(linear);
        string message = Assert.Throws<CheckpointException>(() => Checkpoint.Open(path)).Message;
        Assert.Equal(message, Assert.Throws<CheckpointException>(() => linear.LoadWeights(path)).Message);
        Assert.Equal(before, State(linear));
        return message;
    }

    private static double[] State(Linear linear) => [.. Values(linear.weight), .. Values(linear.bias!)];

    private string Written()
    {
        string path = Temporary("written.pth");
        Checkpoint.Write(path, new Dictionary<string, Tensor> { ["a"] = ones(4), ["b"] = ones(3) });
        return path;
    }
}
