namespace QuantGen.Checkpoints.Safetensors;

/// <summary>What the header of a safetensors file says of a tensor; offsets count from the end of the header.</summary>
internal sealed record SafetensorsEntry(string Name, string Type, long[] Shape, long Begin, long End);
