// The floor everything stands on: a wide disc that fades into the background, unlit.

import vtkActor from "@kitware/vtk.js/Rendering/Core/Actor.js";
import vtkDataArray from "@kitware/vtk.js/Common/Core/DataArray.js";
import vtkMapper from "@kitware/vtk.js/Rendering/Core/Mapper.js";
import vtkPolyData from "@kitware/vtk.js/Common/DataModel/PolyData.js";

const RINGS = [0, 6, 11, 17, 24, 34];
const FADE = [1, 1, 0.82, 0.5, 0.22, 0];
const SIDES = 64;
const DEPTH_M = -0.02;

export class Ground {
  constructor([x, y]) {
    this.data = vtkPolyData.newInstance();
    this.actor = vtkActor.newInstance();
    const points = [];
    for (const radius of RINGS) {
      for (let side = 0; side < SIDES; side++) {
        const angle = (side / SIDES) * 2 * Math.PI;
        points.push(x + radius * Math.cos(angle), y + radius * Math.sin(angle), DEPTH_M);
      }
    }
    const polys = [];
    for (let ring = 0; ring + 1 < RINGS.length; ring++) {
      for (let side = 0; side < SIDES; side++) {
        const next = (side + 1) % SIDES;
        polys.push(4, ring * SIDES + side, (ring + 1) * SIDES + side, (ring + 1) * SIDES + next, ring * SIDES + next);
      }
    }
    this.data.getPoints().setData(Float32Array.from(points), 3);
    this.data.getPolys().setData(Uint32Array.from(polys));
    const mapper = vtkMapper.newInstance();
    mapper.setInputData(this.data);
    mapper.setColorModeToDirectScalars();
    this.actor.setMapper(mapper);
    this.actor.getProperty().set({ ambient: 1, diffuse: 0, specular: 0, lighting: false }, true);
    this.actor.setForceOpaque(true);
    this.actor.setPickable(false);
  }

  /** Colours as sRGB 0..1. */
  paint(floor, background) {
    const values = new Uint8Array(RINGS.length * SIDES * 3);
    for (let i = 0; i < RINGS.length * SIDES; i++) {
      const fade = FADE[Math.floor(i / SIDES)];
      for (let c = 0; c < 3; c++) values[i * 3 + c] = Math.round(255 * (background[c] + (floor[c] - background[c]) * fade));
    }
    this.data.getPointData().setScalars(vtkDataArray.newInstance({ name: "Colours", values, numberOfComponents: 3 }));
    this.data.modified();
  }
}
