using QuantGen.Modules;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen.Tests.Checkpoints;

public sealed class WeightNamesTests : CheckpointFixture
{
    [Theory]
    [InlineData("module.")]
    [InlineData("_orig_mod.")]
    [InlineData("model.")]
    [InlineData("module._orig_mod.")]
    [InlineData("_orig_mod.module.")]
    public void What_models_are_wrapped_in_is_taken_off(string prefix)
    {
        using Linear linear = Linear(2, 1);

        WeightReport report = Load(linear, WeightNames.Default, (prefix + "weight", ones(1, 2)), (prefix + "bias", ones(1)));

        Assert.Equal([new(prefix + "weight", "weight"), new(prefix + "bias", "bias")], report.Renamed);
        Assert.Equal([1, 1], Values(linear.weight));
    }

    [Fact]
    public void A_prefix_that_the_model_has_or_that_not_all_names_have_stays()
    {
        using Sequential model = Sequential(("model", Linear(2, 1)));
        using Linear linear = Linear(2, 1);

        Assert.Empty(Load(model, WeightNames.Default, ("model.weight", ones(1, 2)), ("model.bias", ones(1))).Renamed);
        WeightMismatchException error = Assert.Throws<WeightMismatchException>(
            () => Load(linear, WeightNames.Default, ("module.weight", ones(1, 2)), ("bias", ones(1))));
        Assert.Contains("'weight' is missing (the file has 'module.weight')", error.Message);
    }

    [Fact]
    public void An_averaged_model_leaves_its_counter_out()
    {
        using Linear linear = Linear(2, 1);

        WeightReport report = Load(linear, WeightNames.Default, ("n_averaged", tensor(3L)), ("module.weight", ones(1, 2)), ("module.bias", ones(1)));

        Assert.Equal([new("n_averaged", "it counts averages")], report.Ignored);
        Assert.Equal(["weight", "bias"], report.Loaded);
    }

    [Fact]
    public void Children_with_names_take_the_numbers_that_PyTorch_gives_them()
    {
        using Sequential model = Sequential(("conv", Conv2d(1, 1, 1)), ("act", ReLU()), ("tail", Sequential(("fc", Linear(2, 1)))));

        WeightReport report = Load(
            model, WeightNames.Default, ("0.weight", ones(1, 1, 1, 1)), ("0.bias", ones(1)), ("2.0.weight", ones(1, 2)), ("2.0.bias", full([1], 7f)));

        Assert.Equal(
            [new("0.weight", "conv.weight"), new("0.bias", "conv.bias"), new("2.0.weight", "tail.fc.weight"), new("2.0.bias", "tail.fc.bias")], report.Renamed);
        Assert.Equal([7], Values(model.state_dict()["tail.fc.bias"]));
    }

    [Fact]
    public void Names_differ_by_case_underscores_and_properties_between_CSharp_and_Python()
    {
        using Encoder encoder = new();

        WeightReport report = Load(
            encoder, WeightNames.Default,
            ("self_attn.weight", ones(1, 2)), ("self_attn.bias", ones(1)), ("out_proj.weight", ones(1, 2)), ("out_proj.bias", ones(1)),
            ("norm.weight", ones(1, 2)), ("norm.bias", ones(1)));

        Assert.True(report.IsComplete);
        Assert.Equal(
            ["<OutProj>k__BackingField", "_norm", "selfAttn"],
            report.Loaded.Select(name => name.Split('.')[0]).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Ranges_of_Model_Optimizer_have_names_without_the_first_underscore()
    {
        using QuantLinear quant = new(2, 2);
        Checkpoint.Write(
            Temporary("modelopt.pth"),
            new Dictionary<string, Tensor>
            {
                ["weight"] = ones(2, 2),
                ["bias"] = ones(2),
                ["input_quantizer._amax"] = tensor(3f),
                ["weight_quantizer._amax"] = tensor(new[] { 1f, 2f }).reshape(2, 1),
            });

        StateLoading loading = quant.LoadState(Temporary("modelopt.pth"));

        Assert.Empty(loading.WithoutRange);
        Assert.Equal([3], Values(quant.InputQuantizer.Amax!));
        Assert.Equal([1, 2], Values(quant.WeightQuantizer.Amax!));
        Assert.Contains(new("input_quantizer._amax", "_input_quantizer._amax"), loading.Weights!.Renamed);
    }

    [Fact]
    public void Rules_rename_and_leave_out_and_the_first_that_matches_counts()
    {
        using Sequential model = Sequential(("features", Sequential(("a", Linear(2, 1)))), ("head", Linear(1, 1)));
        WeightNames names = WeightNames.Default
            .Map("*.a.w", "features.a.weight").Map("backbone.*", "features.a.*").Map("fc.*", "head.*").Ignore("teacher.*");

        WeightReport report = Load(
            model, names,
            ("backbone.stage1.a.w", ones(1, 2)), ("backbone.bias", ones(1)), ("fc.weight", ones(1, 1)), ("fc.bias", ones(1)), ("teacher.x", ones(1)));

        Assert.True(report.IsComplete);
        Assert.Equal(new("backbone.stage1.a.w", "features.a.weight"), report.Renamed[0]);
        Assert.Equal([new("teacher.x", "a rule leaves it out")], report.Ignored);
    }

    [Fact]
    public void Rules_see_names_with_and_without_their_wrappers()
    {
        using Linear linear = Linear(2, 1);

        Assert.True(Load(linear, WeightNames.Default.Map("fc.*", "*"), ("module.fc.weight", ones(1, 2)), ("module.fc.bias", ones(1))).IsComplete);
        Assert.True(Load(linear, WeightNames.Exact.Map("module.fc.*", "*"), ("module.fc.weight", ones(1, 2)), ("module.fc.bias", ones(1))).IsComplete);
    }

    [Fact]
    public void Exact_names_are_not_guessed_at()
    {
        using Linear linear = Linear(2, 1);

        Assert.Throws<WeightMismatchException>(() => Load(linear, WeightNames.Exact, ("module.weight", ones(1, 2)), ("module.bias", ones(1))));
    }

    [Fact]
    public void Two_names_for_one_place_and_rules_without_a_text_are_refused()
    {
        using Linear linear = Linear(2, 1);

        Assert.Contains(
            "The file's 'w' and 'weight' are both 'weight' in the model",
            Assert.Throws<ArgumentException>(
                () => Load(linear, WeightNames.Default.Map("w", "weight"), ("weight", ones(1, 2)), ("w", ones(1, 2)), ("bias", ones(1)))).Message);
        Assert.Contains("'b.*.*' has more * than 'a.*'", Assert.Throws<ArgumentException>(() => WeightNames.Default.Map("a.*", "b.*.*")).Message);
    }

    private WeightReport Load(Module model, WeightNames names, params (string Name, Tensor Value)[] state)
    {
        string path = Temporary($"{Guid.NewGuid():N}.pth");
        Checkpoint.Write(path, state.ToDictionary(entry => entry.Name, entry => entry.Value));
        return model.LoadWeights(path, new() { Names = names });
    }

    private sealed class Encoder : Module<Tensor, Tensor>
    {
        private readonly Linear selfAttn = Linear(2, 1);
        private readonly Linear _norm = Linear(2, 1);

        public Encoder()
            : base(nameof(Encoder)) => RegisterComponents();

        private Linear OutProj { get; } = Linear(2, 1);

        public override Tensor forward(Tensor input) => selfAttn.call(input) + _norm.call(input) + OutProj.call(input);
    }
}
