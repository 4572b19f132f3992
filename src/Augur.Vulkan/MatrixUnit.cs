namespace Augur.Vulkan;

/// <summary>How half-precision fragments of 16×16 are multiplied.</summary>
internal enum MatrixUnit
{
    /// <summary>Not at all: products are single precision.</summary>
    None,

    /// <summary>The instructions of VK_NV_cooperative_matrix, as the kernels are compiled.</summary>
    Nvidia,

    /// <summary>Those of VK_KHR_cooperative_matrix; the kernels are rewritten when they are loaded.</summary>
    Khronos,

    /// <summary>Plain arithmetic in the place of the instructions, so that everything around them is tested without a matrix unit.</summary>
    Emulated,
}
