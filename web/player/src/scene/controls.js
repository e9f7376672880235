// Orbit, pan and zoom by mouse, and orbit by one finger; two fingers are fingers.js's, as vtk.js takes one gesture at a
// time and mistakes a move of both for a pinch where pixels are small.

import vtkInteractorStyleManipulator from "@kitware/vtk.js/Interaction/Style/InteractorStyleManipulator.js";
import vtkPan from "@kitware/vtk.js/Interaction/Manipulators/MouseCameraTrackballPanManipulator.js";
import vtkRenderWindowInteractor from "@kitware/vtk.js/Rendering/Core/RenderWindowInteractor.js";
import vtkRotate from "@kitware/vtk.js/Interaction/Manipulators/MouseCameraTrackballRotateManipulator.js";
import vtkZoom from "@kitware/vtk.js/Interaction/Manipulators/MouseCameraTrackballZoomManipulator.js";

/** The interactor of a view; a container that is touched moves the camera of its renderer. */
export function interact(view, container) {
  const interactor = vtkRenderWindowInteractor.newInstance();
  interactor.setView(view);
  interactor.initialize();
  interactor.bindEvents(container);
  const style = vtkInteractorStyleManipulator.newInstance();
  const rotate = vtkRotate.newInstance({ button: 1 });
  rotate.setUseWorldUpVec(true);
  rotate.setWorldUpVec([0, 0, 1]);
  rotate.setUseFocalPointAsCenterOfRotation(true);
  style.addMouseManipulator(rotate);
  style.addMouseManipulator(vtkPan.newInstance({ button: 3 }));
  style.addMouseManipulator(vtkPan.newInstance({ button: 2 }));
  style.addMouseManipulator(vtkPan.newInstance({ button: 1, shift: true }));
  style.addMouseManipulator(vtkZoom.newInstance({ scrollEnabled: true, dragEnabled: false }));
  interactor.setInteractorStyle(style);
  return interactor;
}
