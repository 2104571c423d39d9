using QuantGen.Checkpoints.Files;

namespace QuantGen.Checkpoints.PyTorch;

/// <summary>The weights in the value of a file's pickle.</summary>
internal static class TorchState
{
    /// <summary>Finds them.</summary>
    /// <exception cref="CheckpointException">There are none.</exception>
    public static StateDictionary Find(MappedFile file, object? root, string? container)
    {
        try
        {
            return StateDictionary.Find(root, container);
        }
        catch (FormatException e)
        {
            throw CheckpointException.Refused(
                file.Path, $"is not a state dict: {e.Message.TrimEnd('.')}", "In Python, save the weights alone: torch.save(model.state_dict(), path)");
        }
    }
}
